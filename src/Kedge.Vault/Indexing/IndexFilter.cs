using Kedge.Vault.Format;

namespace Kedge.Vault.Indexing;

/// <summary>Passes on what stays of an index file.</summary>
/// <param name="target">Null only to look whether anything would go.</param>
internal sealed class IndexFilter(IndexEdit edit, IndexWriter? target) : IIndexSink
{
    private bool isPassing;

    /// <summary>Packs, and marks of packs, that do not stay; not those marks that are written anew.</summary>
    internal int Dropped { get; private set; }

    /// <summary>Marks, whether they stay or not.</summary>
    internal int Marks { get; private set; }

    /// <summary>Blobs that stay.</summary>
    internal int Blobs { get; private set; }

    public void BeginPack(ObjectId pack)
    {
        isPassing = !edit.Dropped.Contains(pack);
        if (!isPassing)
        {
            Dropped++;
            return;
        }

        target?.BeginPack(pack);
    }

    public void BeginMarkedPack(ObjectId pack, GoTime time)
    {
        Marks++;
        isPassing = !edit.ReplacesMarks && !edit.Dropped.Contains(pack);
        if (isPassing)
        {
            target?.BeginMarkedPack(pack, time);
        }
        else if (!edit.ReplacesMarks)
        {
            Dropped++;
        }
    }

    public void Blob(in BlobEntry entry)
    {
        if (isPassing)
        {
            Blobs++;
            target?.Blob(entry);
        }
    }

    public void EndPack()
    {
        if (isPassing)
        {
            target?.EndPack();
        }
    }

    public void Superseded(ObjectId index)
    {
        // What an old restic superseded it has removed as well.
    }
}
