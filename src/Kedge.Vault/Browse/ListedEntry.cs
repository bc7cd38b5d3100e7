using Kedge.Vault.Format;

namespace Kedge.Vault.Browse;

/// <summary>An entry of a snapshot.</summary>
/// <param name="Path">Absolute in the snapshot, or below the folder that was asked for; bytes, as names are.</param>
/// <param name="Node">All that is known of it. The receiver may keep it.</param>
/// <param name="Tree">The folder in which it stands.</param>
public sealed record ListedEntry(ReadOnlyMemory<byte> Path, TreeNode Node, ObjectId Tree)
{
    /// <summary>The path for people: quoted where it holds what a terminal might act upon.</summary>
    public string PathText => Files.PathText.Of(Path.Span);
}
