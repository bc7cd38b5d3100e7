using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>
/// What was seen of the index files themselves while they were loaded. With one, loading goes on where a file cannot be
/// read; without, it stops there.
/// </summary>
internal sealed class IndexSurvey
{
    private readonly Lock gate = new();

    /// <summary>All that were read.</summary>
    internal List<IndexFileSeen> Files { get; } = [];

    /// <summary>Those that could not be read, and why.</summary>
    internal List<(ObjectId File, VaultException Why)> Unreadable { get; } = [];

    internal void Saw(IndexFileSeen file)
    {
        lock (gate)
        {
            Files.Add(file);
        }
    }

    internal void Failed(ObjectId file, VaultException why)
    {
        lock (gate)
        {
            Unreadable.Add((file, why));
        }
    }

    internal void Clear()
    {
        Files.Clear();
        Unreadable.Clear();
    }
}

/// <summary>An index file that was read.</summary>
/// <param name="Packs">How many packs it lists.</param>
/// <param name="Repeated">How many of them other index files had listed before it was read.</param>
/// <param name="Marks">How many packs it marks for removal, or has sighted.</param>
internal readonly record struct IndexFileSeen(ObjectId Id, int Packs, int Repeated, int Marks);
