namespace Kedge.Vault.Compression;

/// <summary>How libzstd looks for what repeats. Zeros stand for what the level has.</summary>
internal readonly record struct CompressionSearch
{
    private const int Fast = 1;
    private const int Lazy = 4;

    internal int Level { get; private init; }

    internal int Strategy { get; private init; }

    internal int MinimumMatch { get; private init; }

    /// <summary>Of the tables' entries, to the base of two.</summary>
    internal int TableLog { get; private init; }

    internal int SearchLog { get; private init; }

    /// <param name="level">-5 (fastest) to 19; restic's "auto" is about 3, "max" about 11 and up.</param>
    internal static CompressionSearch AtLevel(int level) => new() { Level = level };

    /// <summary>For a look whether something compresses at all.</summary>
    internal static CompressionSearch OfSample => AtLevel(-1);

    /// <summary>
    /// For long pieces of ordinary files: level 1's search, with a table that stays in the processor's first cache. A
    /// fourteenth faster than level 1 itself, and stores a hundredth more.
    /// </summary>
    /// <param name="level">Levels above 1 are taken as they are.</param>
    internal static CompressionSearch OfLongPieces(int level) =>
        level == 1 ? new() { Level = level, Strategy = Fast, MinimumMatch = 6, TableLog = 12 } : AtLevel(level);

    /// <summary>For pages of rows: the same, for pieces of a few pages.</summary>
    /// <param name="level">Levels above 3 are taken as they are.</param>
    internal static CompressionSearch OfRows(int level) =>
        level is >= 1 and <= 3 ? new() { Level = level, Strategy = Fast, MinimumMatch = 6, TableLog = 11 } : AtLevel(level);

    /// <summary>
    /// For pages of sorted keys of any kind: a lazy search, which the levels do from 6 on, but short. Stores a fifth less than
    /// level 1, at two fifths of its speed.
    /// </summary>
    /// <param name="level">Levels above 6 are taken as they are.</param>
    internal static CompressionSearch OfKeys(int level) =>
        level is >= 1 and <= 6 ? new() { Level = level, Strategy = Lazy, MinimumMatch = 4, TableLog = 15, SearchLog = 1 } : AtLevel(level);
}
