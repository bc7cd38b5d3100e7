namespace Kedge.Vault.Format;

/// <summary>
/// Takes what an index says, in the order in which it says it. A damaged index ends in an exception of the reader's, and
/// what was said until then counts for nothing.
/// </summary>
internal interface IIndexSink
{
    /// <summary>The blobs that follow stand in this pack.</summary>
    void BeginPack(ObjectId pack);

    /// <summary>
    /// The blobs that follow stand in a pack that will be removed: nobody may rely on it any more, and stock restic does not
    /// see it. A field of rustic's, "packs_to_delete", which restic ignores.
    /// </summary>
    /// <param name="time">When it was marked; <see cref="GoTime.None"/> where the index does not say.</param>
    void BeginMarkedPack(ObjectId pack, GoTime time);

    /// <summary>A blob of the pack that was begun. Its end lies below 4 GiB.</summary>
    void Blob(in BlobEntry entry);

    void EndPack();

    /// <summary>This index stands in the place of that one, which may be gone. Older versions of restic write this.</summary>
    void Superseded(ObjectId index);
}
