namespace Kedge.Vault.Chunking;

/// <summary>
/// How large the pieces of a file are, in bytes. docs/decisions/0003-how-files-are-cut.md has the measurements behind the
/// defaults.
/// </summary>
public readonly record struct CutSizes
{
    /// <summary>No cut by content before this many bytes; a shorter file is one piece.</summary>
    public int Minimum { get; }

    /// <summary>About the average; a power of two.</summary>
    public int Normal { get; }

    /// <summary>A cut at the latest.</summary>
    public int Maximum { get; }

    /// <exception cref="ArgumentOutOfRangeException">Not 64 ≤ minimum &lt; normal &lt; maximum ≤ 8 MiB, which is the largest piece that restic makes itself.</exception>
    public CutSizes(int minimum, int normal, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimum, ContentCutter.Window);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(minimum, normal);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(normal, maximum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximum, 8 << 20);
        (Minimum, Normal, Maximum) = (minimum, normal, maximum);
    }

    /// <summary>For ordinary files.</summary>
    public static CutSizes Ordinary => new(128 << 10, 512 << 10, 1 << 20);

    /// <summary>A hole of a sparse file is cut into pieces of this many bytes.</summary>
    public const int Hole = 8 << 20;

    /// <summary>
    /// The first piece of a file's first hole, in bytes: the zeros that restic would make of a hole. By them
    /// <c>restic restore --sparse</c> knows a sparse file, and fills the holes of any other.
    /// </summary>
    public const int FirstOfHole = 512 << 10;
}
