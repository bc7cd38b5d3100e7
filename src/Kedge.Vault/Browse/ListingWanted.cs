namespace Kedge.Vault.Browse;

/// <summary>What of a snapshot is listed.</summary>
public sealed record ListingWanted
{
    /// <summary>Everything.</summary>
    public static ListingWanted All { get; } = new();

    /// <summary>Absolute paths: each is listed with what stands directly in it. None for everything.</summary>
    public IReadOnlyList<byte[]> Folders { get; init; } = [];

    /// <summary>Also what lies deeper in those folders.</summary>
    public bool Recursive { get; init; }

    /// <summary>Told of folders that cannot be read; the rest is listed. Where it is null, the first one ends the listing.</summary>
    public Action<UnreadableFolder>? OnUnreadable { get; init; }
}
