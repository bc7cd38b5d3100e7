using Kedge.Vault.Format;

namespace Kedge.Vault.Repair;

/// <summary>What the headers of packs say. Safe for many threads while it is filled.</summary>
internal sealed class HeadersFound
{
    private readonly Lock gate = new();

    internal List<PackContents> Read { get; } = [];

    internal List<UnreadablePack> Unreadable { get; } = [];

    internal void Add(PackContents pack)
    {
        lock (gate)
        {
            Read.Add(pack);
        }
    }

    internal void Add(UnreadablePack pack)
    {
        lock (gate)
        {
            Unreadable.Add(pack);
        }
    }
}

/// <summary>A pack and its blobs, by its header.</summary>
internal sealed record PackContents(ObjectId Id, BlobEntry[] Blobs);
