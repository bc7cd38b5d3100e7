using System.Globalization;

namespace Kedge.VaultHost;

/// <summary>Looks for secrets in this process's own memory. What it looks for it keeps in disguise, so as not to find itself.</summary>
internal sealed class OwnMemory
{
    private const byte Disguise = 0x5a;

    private readonly List<(string Name, byte[] Disguised)> secrets = [];
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(1 << 20, pinned: true);

    internal void Know(string name, ReadOnlySpan<byte> secret)
    {
        var disguised = new byte[secret.Length];
        for (var i = 0; i < secret.Length; i++)
        {
            disguised[i] = (byte)(secret[i] ^ Disguise);
        }

        secrets.Add((name, disguised));
    }

    /// <summary>How often each stands in memory that can be written to.</summary>
    internal Dictionary<string, int> Count()
    {
        var counts = secrets.ToDictionary(s => s.Name, _ => 0);
        using var memory = new FileStream("/proc/self/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach (var line in File.ReadAllLines("/proc/self/maps").Where(l => l.Split(' ')[1].StartsWith("rw", StringComparison.Ordinal)))
        {
            var ends = line.Split(' ')[0].Split('-');
            var (at, end) = (long.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            while (at < end)
            {
                var length = (int)Math.Min(buffer.Length, end - at);
                if (TryRead(memory, at, length))
                {
                    Look(buffer.AsSpan(0, length), counts);
                }

                // Overlapping, for what stands on a border.
                at += length == buffer.Length ? length - 64 : length;
            }
        }

        return counts;
    }

    private unsafe bool TryRead(FileStream memory, long at, int length)
    {
        fixed (byte* own = buffer)
        {
            if (at <= (long)own + buffer.Length && (long)own <= at + length)
            {
                // What was read before is no secret's home.
                Array.Clear(buffer);
            }
        }

        try
        {
            return RandomAccess.Read(memory.SafeFileHandle, buffer.AsSpan(0, length), at) == length;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Reserved, and not there.
            return false;
        }
    }

    private void Look(ReadOnlySpan<byte> bytes, Dictionary<string, int> counts)
    {
        foreach (var (name, disguised) in secrets)
        {
            for (var from = 0; bytes[from..].IndexOf((byte)(disguised[0] ^ Disguise)) is >= 0 and var next; from += next + 1)
            {
                if (IsAt(bytes[(from + next)..], disguised))
                {
                    counts[name]++;
                }
            }
        }
    }

    private static bool IsAt(ReadOnlySpan<byte> bytes, byte[] disguised)
    {
        for (var i = 0; i < disguised.Length; i++)
        {
            if (i >= bytes.Length || (bytes[i] ^ Disguise) != disguised[i])
            {
                return false;
            }
        }

        return true;
    }
}
