using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Kedge.Drivers.Dns.Wire;

/// <summary>A fully qualified domain name; names that differ in the case of ASCII letters are equal (RFC 4343).</summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Longest name on the wire, with its length bytes and the root (RFC 1035, section 2.3.4).</summary>
    public const int MaxWireLength = 255;

    public const int MaxLabelLength = 63;

    private readonly byte[] wire;

    private DnsName(byte[] wire) => this.wire = wire;

    public static DnsName Root { get; } = new([0]);

    /// <summary>Length byte and label, in turn, ending with the root's zero; case as it was given.</summary>
    public ReadOnlySpan<byte> Wire => wire;

    public static bool operator ==(DnsName? left, DnsName? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(DnsName? left, DnsName? right) => !(left == right);

    /// <summary>Takes over the wire form; the caller has checked lengths.</summary>
    public static DnsName FromWire(ReadOnlySpan<byte> wire) => wire.Length == 1 ? Root : new(wire.ToArray());

    /// <summary>
    /// Reads a name as zone files spell it (RFC 1035, section 5.1: <c>\.</c> and <c>\DDD</c> escape), always taken to be
    /// fully qualified, with or without its last dot. False, with the reason, where it is none.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DnsName? name, [NotNullWhen(false)] out string? problem)
    {
        name = null;
        if (text == ".")
        {
            (name, problem) = (Root, null);
            return true;
        }

        var wire = new List<byte>(text.Length + 2) { 0 };
        var labelStart = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.')
            {
                if (CloseLabel(wire, labelStart) is { } wrong)
                {
                    problem = wrong;
                    return false;
                }

                labelStart = wire.Count;
                wire.Add(0);
                continue;
            }

            if (ReadCharacter(text, ref i) is not { } octet)
            {
                problem = "it holds a character that is not ASCII, or a broken escape; international names are written in their xn-- form";
                return false;
            }

            wire.Add(octet);
        }

        // A last dot has opened the root's empty label already; without one the last label is still open.
        if (wire.Count - labelStart > 1)
        {
            if (CloseLabel(wire, labelStart) is { } wrong)
            {
                problem = wrong;
                return false;
            }

            wire.Add(0);
        }
        else if (wire.Count == 1)
        {
            problem = "it is empty";
            return false;
        }

        problem = wire.Count > MaxWireLength ? $"it is longer than {MaxWireLength} bytes" : null;
        name = problem is null ? new(wire.ToArray()) : null;
        return name is not null;
    }

    /// <summary>As <see cref="TryParse"/>; throws <see cref="FormatException"/> where it is no name.</summary>
    public static DnsName Parse(string text) =>
        TryParse(text, out var name, out var problem) ? name : throw new FormatException($"'{text}' is no domain name: {problem}");

    /// <summary>True for the zone's own name and everything below it.</summary>
    public bool IsWithin(DnsName zone)
    {
        var rest = Wire;
        while (rest.Length > zone.wire.Length)
        {
            rest = rest[(rest[0] + 1)..];
        }

        return SameLetters(rest, zone.wire);
    }

    /// <summary>The wire form in lower case, as signatures need it (RFC 8945, section 4.3.3).</summary>
    public byte[] ToCanonical()
    {
        var lower = (byte[])wire.Clone();
        foreach (ref var octet in lower.AsSpan())
        {
            octet = Lower(octet);
        }

        return lower;
    }

    public bool Equals(DnsName? other) => other is not null && SameLetters(wire, other.wire);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(ToCanonical());
        return hash.ToHashCode();
    }

    /// <summary>As zone files spell it, without the last dot; the root is <c>.</c></summary>
    public override string ToString()
    {
        if (wire.Length == 1)
        {
            return ".";
        }

        var text = new StringBuilder(wire.Length);
        for (var rest = Wire; rest[0] > 0; rest = rest[(rest[0] + 1)..])
        {
            text.Append(text.Length > 0 ? "." : "");
            foreach (var octet in rest.Slice(1, rest[0]))
            {
                _ = octet switch
                {
                    (byte)'.' or (byte)'\\' => text.Append('\\').Append((char)octet),
                    > 0x20 and < 0x7f => text.Append((char)octet),
                    _ => text.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture)),
                };
            }
        }

        return text.ToString();
    }

    private static string? CloseLabel(List<byte> wire, int start)
    {
        var length = wire.Count - start - 1;
        wire[start] = (byte)length;
        return length switch
        {
            0 => "it has an empty label",
            > MaxLabelLength => $"a label is longer than {MaxLabelLength} bytes",
            _ => null,
        };
    }

    private static byte? ReadCharacter(string text, ref int i)
    {
        if (text[i] != '\\')
        {
            return text[i] is > ' ' and < '\x7f' ? (byte)text[i] : null;
        }

        if (i + 3 < text.Length && byte.TryParse(text.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
        {
            i += 3;
            return octet;
        }

        i++;
        return i < text.Length && text[i] is > ' ' and < '\x7f' && !char.IsAsciiDigit(text[i]) ? (byte)text[i] : null;
    }

    // Length bytes are below 64 and no letters, so that whole wire forms can be compared.
    private static bool SameLetters(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (Lower(left[i]) != Lower(right[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static byte Lower(byte octet) => octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
}
