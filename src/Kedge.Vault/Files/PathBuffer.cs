namespace Kedge.Vault.Files;

/// <summary>The path at which a walk stands; it grows and shrinks by a name without allocating. Belongs to one thread.</summary>
internal sealed class PathBuffer
{
    private byte[] bytes;

    /// <param name="start">What all the paths begin with; empty for paths relative to it.</param>
    internal PathBuffer(ReadOnlySpan<byte> start)
    {
        bytes = new byte[Math.Max(256, start.Length * 2)];
        start.CopyTo(bytes);
        Length = start.Length;
    }

    internal int Length { get; private set; }

    /// <summary>Valid until the next change.</summary>
    internal ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, Length);

    /// <returns>The length before, to go back to with <see cref="CutTo"/>.</returns>
    internal int Append(ReadOnlySpan<byte> name)
    {
        var before = Length;
        var needed = checked(before + 1 + name.Length);
        if (needed > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(needed, (int)Math.Min(2L * bytes.Length, Array.MaxLength)));
        }

        if (before > 0 && bytes[before - 1] != PathBytes.Separator)
        {
            bytes[Length++] = PathBytes.Separator;
        }

        name.CopyTo(bytes.AsSpan(Length));
        Length += name.Length;
        return before;
    }

    /// <param name="length">0 to <see cref="Length"/>.</param>
    internal void CutTo(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    public override string ToString() => PathText.Of(Bytes);
}
