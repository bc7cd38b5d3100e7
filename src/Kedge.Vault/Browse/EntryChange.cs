using Kedge.Vault.Format;

namespace Kedge.Vault.Browse;

/// <summary>An entry that is not the same in two snapshots.</summary>
/// <param name="Path">As bytes; that of a folder ends with a slash. Valid as long as anybody holds it.</param>
/// <param name="NodeKind">What it is in the later one, or was, where it was removed.</param>
public sealed record EntryChange(ReadOnlyMemory<byte> Path, NodeKind NodeKind, ChangeKind Kind)
{
    /// <summary>The path for people: quoted where it holds what a terminal might act upon.</summary>
    public string PathText => Files.PathText.Of(Path.Span);

    /// <summary>As restic writes it before the path: "+", "-", "T", "M", "M?", "U", or several.</summary>
    public string Modifier => string.Concat(
        Kind.HasFlag(ChangeKind.Added) ? "+" : "",
        Kind.HasFlag(ChangeKind.Removed) ? "-" : "",
        Kind.HasFlag(ChangeKind.Type) ? "T" : "",
        Kind.HasFlag(ChangeKind.Content) ? "M" : "",
        Kind.HasFlag(ChangeKind.OnlyContent) ? "?" : "",
        Kind.HasFlag(ChangeKind.Metadata) ? "U" : "");
}
