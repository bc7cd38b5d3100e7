using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Prune;

/// <summary>
/// Marks the blobs that snapshots need, a bit each. Whatever cannot be read ends it: who does not know what is needed may
/// remove nothing.
/// </summary>
internal sealed class UsedBlobs(BlobIndex index) : ITreeVisitor
{
    /// <summary>By position, where <see cref="BlobIndex.Find"/> finds them.</summary>
    internal BitColumn Used { get; } = new(index.Positions);

    /// <summary>Reads all trees of these snapshots.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>, or what the storage says.</exception>
    internal static async Task<BitColumn> FindAsync(
        VaultRepository vault, BlobIndex index, IEnumerable<ObjectId> roots, UpkeepProgress progress, CancellationToken cancellation)
    {
        var used = new UsedBlobs(index);
        progress.Begin(UpkeepStage.WalkingTrees);
        // One object serves all threads: it keeps nothing but the bits.
        await new TreeWalk(vault, index, progress).RunAsync(roots, () => used, cancellation);
        return used.Used;
    }

    public void Enter(in BlobName tree) => Mark(tree);

    public void Node(TreeNode node, NameOrder order)
    {
        foreach (var id in node.Content)
        {
            Mark(new(BlobKind.Data, id));
        }
    }

    public void Unreadable(in BlobName tree, VaultException why) => throw Refusal($"{tree} cannot be read ({why.Message})", why);

    internal static VaultException Refusal(string what, VaultException? why = null) => new(
        VaultFault.Damaged,
        $"{what}, so that nobody can say what is needed; nothing was removed",
        "Run 'kedge vault check', which says what is damaged and what to do about it; then prune again.",
        why);

    private void Mark(in BlobName blob)
    {
        var position = index.Find(blob);
        if (position < 0)
        {
            throw Refusal($"{blob}, which a snapshot needs, is in no index");
        }

        Used.Set(position);
    }
}
