using Kedge.Vault.Format;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>
/// Looks at each tree that snapshots reach: whether its names are names and in order, its nodes what they say, its files as
/// long as their contents, and everything there that it refers to.
/// </summary>
internal sealed class TreeVerifier(CheckRun run) : ITreeVisitor
{
    private BlobName tree;
    private bool isUnsound;

    public void Enter(in BlobName tree)
    {
        this.tree = tree;
        isUnsound = false;
        if (run.Index.Find(tree) is >= 0 and var position)
        {
            run.Used.Set(position);
        }
    }

    public void Node(TreeNode node, NameOrder order)
    {
        if (order != NameOrder.Ascending)
        {
            Unsound(node, order == NameOrder.Repeated ? "stands twice" : "stands after a greater name");
        }

        if ((node.NameProblem ?? node.KindProblem) is { } problem)
        {
            Unsound(node, problem);
        }

        if (node.Kind == NodeKind.File)
        {
            Content(node);
        }
    }

    public void Unreadable(in BlobName tree, VaultException why)
    {
        run.IsAnythingLost = true;
        if (!run.IsFirstAbout(tree))
        {
            return;
        }

        var place = run.Index.TryFind(tree, out var found) ? found : default;
        if (place != default && why.Fault == VaultFault.Damaged)
        {
            run.FoundBad(run.Index.Find(tree), why.Message);
        }

        var finding = new CheckFinding
        {
            Kind = why.Fault == VaultFault.NotFound ? FindingKind.BlobMissing : FindingKind.BlobDamaged,
            IsDamage = true,
            Object = place == default ? null : new(ObjectKind.Pack, place.Pack),
            Blob = tree,
            What = $"tree {tree.Id} cannot be read: {why.Message}",
            Remedy = CheckRemedies.Blob,
        };
        if (place == default)
        {
            run.FoundUnlisted(finding);
        }
        else
        {
            run.Findings.Add(finding);
        }
    }

    private void Content(TreeNode node)
    {
        var size = 0L;
        var isWhole = true;
        foreach (var id in node.Content)
        {
            var blob = new BlobName(BlobKind.Data, id);
            var position = run.Index.Find(blob);
            if (position < 0)
            {
                isWhole = false;
                Missing(blob, isListed: false, "is in no index");
                continue;
            }

            size += run.Index.EntryAt(position).ContentLength;
            if (run.Used.Set(position) && run.Packs.AnyMissing && !run.Packs.HasBlob(blob))
            {
                Missing(blob, isListed: true, $"stands in pack {run.Index.PlaceAt(position).Pack.Short}, which is gone");
            }
        }

        if (isWhole && size != node.Size)
        {
            run.Findings.Add(new()
            {
                Kind = FindingKind.FileSize,
                IsDamage = true,
                Blob = tree,
                What = $"tree {tree.Id}: the file {node} should have {node.Size} bytes; its contents together have {size}",
                Remedy = CheckRemedies.Tree,
            });
        }
    }

    private void Missing(in BlobName blob, bool isListed, string how)
    {
        run.IsAnythingLost = true;
        if (run.IsFirstAbout(blob))
        {
            var finding = new CheckFinding
            {
                Kind = FindingKind.BlobMissing,
                IsDamage = true,
                Blob = blob,
                What = $"data {blob.Id}, which tree {tree.Id} needs, {how}",
                Remedy = CheckRemedies.Blob,
            };
            if (isListed)
            {
                run.Findings.Add(finding);
            }
            else
            {
                run.FoundUnlisted(finding);
            }
        }
    }

    private void Unsound(TreeNode node, string how)
    {
        // One finding a tree: a forged one may have millions of such entries.
        if (!isUnsound)
        {
            isUnsound = true;
            run.Findings.Add(new()
            {
                Kind = FindingKind.TreeUnsound,
                IsDamage = true,
                Blob = tree,
                What = $"tree {tree.Id}: {node} {how}",
                Remedy = CheckRemedies.Tree,
            });
        }
    }
}
