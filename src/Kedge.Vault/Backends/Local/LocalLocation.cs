namespace Kedge.Vault.Backends.Local;

/// <summary>A vault in a folder.</summary>
internal sealed class LocalLocation : VaultLocation
{
    private const int UsualConnections = 4;

    private readonly string folder;

    internal LocalLocation(string folder)
    {
        if (folder.Length == 0 || folder.Contains('\0', StringComparison.Ordinal))
        {
            throw Bad("the vault's folder has no name", "Give its path, as in local:/srv/vault.");
        }

        this.folder = folder;
    }

    /// <summary>As it was given; with <c>local:</c> where it would be taken for something else without.</summary>
    public override string ToString() =>
        folder.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && folder.IndexOf('/', StringComparison.Ordinal) is var slash && (slash < 0 || slash > colon)
            ? $"local:{folder}"
            : folder;

    internal override IBackend OpenBare(BackendOptions options, TimeProvider time)
    {
        RefuseRetention(options);
        var bare = new LocalBackend(folder, ToString(), options.Connections ?? UsualConnections, time);
        return options is { UploadLimit: null, DownloadLimit: null }
            ? bare
            : new LimitedBackend(bare, ByteRate.Of(options.UploadLimit, time), ByteRate.Of(options.DownloadLimit, time));
    }
}
