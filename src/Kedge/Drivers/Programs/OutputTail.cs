using System.Text;

namespace Kedge.Drivers.Programs;

/// <summary>Keeps the last bytes of what a program prints, however much that is.</summary>
internal sealed class OutputTail
{
    internal const int Capacity = 64 * 1024;

    private readonly byte[] kept = new byte[Capacity];
    private long seen;

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Capacity)
        {
            seen += bytes.Length - Capacity;
            bytes = bytes[^Capacity..];
        }

        var at = (int)(seen % Capacity);
        var first = Math.Min(bytes.Length, Capacity - at);
        bytes[..first].CopyTo(kept.AsSpan(at));
        bytes[first..].CopyTo(kept);
        seen += bytes.Length;
    }

    /// <summary>What was kept, read as UTF-8; where something was cut off it begins with a whole character.</summary>
    public override string ToString()
    {
        if (seen <= Capacity)
        {
            return Encoding.UTF8.GetString(kept, 0, (int)seen);
        }

        var at = (int)(seen % Capacity);
        byte[] ordered = [.. kept.AsSpan(at), .. kept.AsSpan(0, at)];
        var start = 0;
        while (start < 3 && (ordered[start] & 0xC0) == 0x80)
        {
            start++;
        }

        return Encoding.UTF8.GetString(ordered, start, ordered.Length - start);
    }
}
