using Kedge.Vault.Format;

namespace Kedge.Vault.Upkeep;

/// <summary>Is shown all trees that snapshots reach. One object belongs to one thread.</summary>
internal interface ITreeVisitor
{
    /// <summary>The nodes that follow are this tree's.</summary>
    void Enter(in BlobName tree);

    /// <param name="node">Valid until this returns.</param>
    void Node(TreeNode node, NameOrder order);

    /// <summary>A tree could not be read: it is nowhere, damaged, or no tree. Said once of each.</summary>
    void Unreadable(in BlobName tree, VaultException why);
}
