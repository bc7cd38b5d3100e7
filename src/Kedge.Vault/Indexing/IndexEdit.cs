using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>How the index files of a vault are to be changed.</summary>
internal sealed record IndexEdit
{
    /// <summary>Packs that no file shall list any more; nor their marks, unless marks are written anew.</summary>
    internal required IReadOnlySet<ObjectId> Dropped { get; init; }

    /// <summary>Whether marks are written anew, and the old ones go.</summary>
    internal bool ReplacesMarks { get; init; }

    /// <summary>Adds the new marks, to be called once before anything is removed.</summary>
    internal Func<IndexFiling, Task>? WriteMarks { get; init; }
}
