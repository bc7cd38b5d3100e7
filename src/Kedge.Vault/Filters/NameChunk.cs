using System.Buffers;
using System.Text;

namespace Kedge.Vault.Filters;

/// <summary>What stands between two stars of a pattern: so many characters, each of some kind.</summary>
internal sealed class NameChunk
{
    private readonly Element[] elements;

    private NameChunk(Element[] elements)
    {
        this.elements = elements;
        Plain = elements.All(e => e.IsByte) ? [.. elements.Select(e => e.Byte)] : null;
    }

    /// <summary>Where nothing but bytes is asked for: these; null otherwise.</summary>
    internal byte[]? Plain { get; }

    /// <param name="pattern">Not empty; afterwards what follows, from a star on.</param>
    /// <returns>Null where it is malformed.</returns>
    internal static NameChunk? Parse(ref ReadOnlySpan<byte> pattern)
    {
        var elements = new List<Element>();
        while (!pattern.IsEmpty && pattern[0] != '*')
        {
            var first = pattern[0];
            pattern = pattern[1..];
            switch (first)
            {
                case (byte)'?':
                    elements.Add(Element.AnyCharacter);
                    break;
                case (byte)'[':
                    if (CharacterClass.Parse(ref pattern) is not { } characters)
                    {
                        return null;
                    }

                    elements.Add(new(characters));
                    break;
                case (byte)'\\' when pattern.IsEmpty:
                    return null;
                case (byte)'\\':
                    elements.Add(new(pattern[0]));
                    pattern = pattern[1..];
                    break;
                default:
                    elements.Add(new(first));
                    break;
            }
        }

        return new([.. elements]);
    }

    /// <summary>Holds it against the beginning of a name.</summary>
    /// <returns>How many bytes are left over; negative where it does not match.</returns>
    internal int Match(ReadOnlySpan<byte> name)
    {
        if (Plain is not null)
        {
            return name.StartsWith(Plain) ? name.Length - Plain.Length : -1;
        }

        foreach (var element in elements)
        {
            if (name.IsEmpty)
            {
                return -1;
            }

            if (element.IsByte)
            {
                if (name[0] != element.Byte)
                {
                    return -1;
                }

                name = name[1..];
                continue;
            }

            // Go takes a byte that belongs to no character for one of its own, U+FFFD.
            var isWhole = Rune.DecodeFromUtf8(name, out var character, out var length) == OperationStatus.Done;
            if (element.Characters is { } characters && !characters.Contains(character))
            {
                return -1;
            }

            name = name[(isWhole ? length : 1)..];
        }

        return name.Length;
    }

    private readonly struct Element
    {
        private Element(byte value, bool isByte, CharacterClass? characters) => (Byte, IsByte, Characters) = (value, isByte, characters);

        internal Element(byte value)
            : this(value, isByte: true, null)
        {
        }

        internal Element(CharacterClass characters)
            : this(0, isByte: false, characters)
        {
        }

        internal static Element AnyCharacter => new(0, isByte: false, null);

        internal bool IsByte { get; }

        internal byte Byte { get; }

        /// <summary>Null for any.</summary>
        internal CharacterClass? Characters { get; }
    }
}
