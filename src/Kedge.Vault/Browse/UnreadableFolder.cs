namespace Kedge.Vault.Browse;

/// <summary>A folder of a snapshot that is missing or damaged; what lies below it is not known.</summary>
public sealed record UnreadableFolder(ReadOnlyMemory<byte> Path, VaultException Problem)
{
    /// <summary>The path for people.</summary>
    public string PathText => Files.PathText.Of(Path.Span);
}
