using System.Globalization;
using System.Text;

namespace Kedge.Vault.Browse.Dump;

/// <summary>The records of an extended header (POSIX.1-2008, pax, "pax Extended Header"): "25 ctime=1084839148.1212\n".</summary>
internal sealed class PaxRecords
{
    private readonly List<(byte[] Keyword, byte[] Value)> records = [];

    internal bool IsEmpty => records.Count == 0;

    internal void Add(string keyword, string value) => records.Add((Encoding.UTF8.GetBytes(keyword), Encoding.UTF8.GetBytes(value)));

    /// <summary>A name. One that is no text stands as it is, as GNU tar does it, which does not know the record that would say so.</summary>
    internal void AddName(string keyword, ReadOnlySpan<byte> name) => records.Add((Encoding.UTF8.GetBytes(keyword), name.ToArray()));

    /// <summary>An extended attribute, as star and GNU tar keep it. In its name "%" and "=" are escaped as GNU tar does it.</summary>
    internal void AddAttribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        List<byte> keyword = [.. "SCHILY.xattr."u8];
        foreach (var one in name)
        {
            keyword.AddRange(one switch { (byte)'%' => "%25"u8, (byte)'=' => "%3D"u8, _ => [one] });
        }

        records.Add(([.. keyword], value.ToArray()));
    }

    /// <summary>A time with its fraction.</summary>
    internal void AddTime(string keyword, Format.GoTime time)
    {
        var (seconds, nanoseconds) = (time.UnixSeconds, time.Nanoseconds);
        var sign = "";
        if (seconds < 0)
        {
            // Counted away from zero.
            (sign, seconds, nanoseconds) = nanoseconds == 0 ? ("-", -seconds, 0) : ("-", -seconds - 1, 1_000_000_000 - nanoseconds);
        }

        var fraction = nanoseconds == 0 ? "" : $".{nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0')}";
        Add(keyword, string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}{fraction}"));
    }

    internal byte[] ToBytes()
    {
        var all = new MemoryStream();
        foreach (var (keyword, value) in records)
        {
            Write(all, keyword, value);
        }

        return all.ToArray();
    }

    private static void Write(MemoryStream all, ReadOnlySpan<byte> keyword, ReadOnlySpan<byte> value)
    {
        // A record begins with its length, whose digits count as well.
        var rest = keyword.Length + value.Length + 3;
        var length = rest + 1;
        while (length != rest + Digits(length))
        {
            length = rest + Digits(length);
        }

        all.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} ")));
        all.Write(keyword);
        all.WriteByte((byte)'=');
        all.Write(value);
        all.WriteByte((byte)'\n');
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
