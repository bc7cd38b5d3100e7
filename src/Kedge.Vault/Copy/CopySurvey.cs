using System.Collections.Concurrent;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Copy;

/// <summary>Which blobs of the source the target lacks. Safe for many threads.</summary>
internal sealed class CopySurvey(BlobIndex source, BlobSession target)
{
    private readonly BitColumn considered = new(source.Positions);
    private long count;
    private long bytes;

    /// <summary>The blobs that the target lacks, by their positions in the source's index.</summary>
    internal BitColumn Missing { get; } = new(source.Positions);

    internal long Count => count;

    /// <summary>Of all that is missing, as it is sealed.</summary>
    internal long Bytes => bytes;

    /// <summary>Blobs that snapshots need, and that the source does not have.</summary>
    internal ConcurrentDictionary<BlobName, VaultException> Lost { get; } = new();

    internal ITreeVisitor OpenVisitor() => new Visitor(this);

    private void Consider(in BlobName blob)
    {
        var position = source.Find(blob);
        if (position < 0)
        {
            if (!target.Has(blob))
            {
                Lost.TryAdd(blob, new(VaultFault.NotFound, $"the {blob} is in no index"));
            }
        }
        else if (considered.Set(position) && !target.Has(blob))
        {
            Missing.Set(position);
            Interlocked.Increment(ref count);
            Interlocked.Add(ref bytes, source.EntryAt(position).Length);
        }
    }

    private sealed class Visitor(CopySurvey survey) : ITreeVisitor
    {
        public void Enter(in BlobName tree) => survey.Consider(tree);

        public void Node(TreeNode node, NameOrder order)
        {
            foreach (var id in node.Content)
            {
                survey.Consider(new(BlobKind.Data, id));
            }
        }

        public void Unreadable(in BlobName tree, VaultException why) => survey.Lost.TryAdd(tree, why);
    }
}
