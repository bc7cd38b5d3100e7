using System.Text;
using Kedge.Vault.Files;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backup;

/// <summary>Makes nodes of what the file system says.</summary>
internal sealed class NodeMaker(OwnerNames owners, bool withAccessTime)
{
    /// <summary>Fills in all but content, tree and link's target.</summary>
    /// <returns>Why extended attributes are missing.</returns>
    internal Errno Fill(TreeNode node, ReadOnlySpan<byte> name, in FileStatus status, Descriptor open)
    {
    }
}
