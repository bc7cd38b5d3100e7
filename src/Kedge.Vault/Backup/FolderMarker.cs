namespace Kedge.Vault.Backup;

/// <summary>A file that marks its folder as not worth a backup, as a cache's <c>CACHEDIR.TAG</c> does.</summary>
/// <param name="Name">Of the file, as bytes.</param>
/// <param name="Beginning">What it has to begin with; empty for anything.</param>
public sealed record FolderMarker(byte[] Name, byte[] Beginning)
{
    /// <summary>The Cache Directory Tagging Standard (https://bford.info/cachedir/).</summary>
    public static FolderMarker Cache { get; } = new("CACHEDIR.TAG"u8.ToArray(), "Signature: 8a477f597d28d172789f06886806bc55"u8.ToArray());
}
