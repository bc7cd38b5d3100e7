using Kedge.Vault.Format;
using Kedge.Vault.Indexing;

namespace Kedge.Vault.Browse;

/// <summary>Which blobs are looked for: by their ids, or the beginnings of them.</summary>
public sealed record ObjectsWanted
{
    /// <summary>Pieces of files.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>Folders.</summary>
    public IReadOnlyList<string> Trees { get; init; } = [];

    /// <summary>All that stands in these packs.</summary>
    public IReadOnlyList<string> Packs { get; init; } = [];

    /// <summary>Told of folders that cannot be read, of each once; the search goes on. Where it is null, the first one ends it.</summary>
    public Action<UnreadableFolder>? OnUnreadable { get; init; }

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> for what is no id; <see cref="VaultFault.NotFound"/>
    /// for a pack that is in no index.</exception>
    internal WantedBlobs Resolve(BlobIndex index)
    {
        var (data, trees, packs) = (Data.Select(Demand).ToArray(), Trees.Select(Demand).ToArray(), Packs.Select(Demand).ToArray());
        var inPacks = new HashSet<BlobName>();
        var found = new HashSet<string>();
        foreach (var (pack, blobs) in packs.Length > 0 ? index.Packs() : [])
        {
            if (Array.Find(packs, prefix => pack.ToString().StartsWith(prefix, StringComparison.Ordinal)) is { } fitting)
            {
                found.Add(fitting);
                inPacks.UnionWith(blobs.Select(blob => blob.Name));
            }
        }

        return Array.Find(packs, prefix => !found.Contains(prefix)) is { } missing
            ? throw new VaultException(VaultFault.NotFound, $"no pack in the index begins with {missing}", "If it is stored all the same, run 'kedge vault repair index'.")
            : new(data, trees, inPacks);
    }

    private static string Demand(string id) => id.Length is > 0 and <= ObjectId.HexLength && id.All(char.IsAsciiHexDigit)
        ? id.ToLowerInvariant()
        : throw new VaultException(VaultFault.Misuse, "an id that is none", "Ids, and beginnings of them, are of the digits 0 to 9 and a to f.");
}
