using Kedge.Vault.Format;

namespace Kedge.Vault.Browse;

/// <summary>Says of blobs whether they are looked for.</summary>
internal sealed class WantedBlobs(string[] data, string[] trees, HashSet<BlobName> inPacks)
{
    /// <summary>Whether no file's content need be looked at.</summary>
    internal bool OnlyTrees { get; } = data.Length == 0 && inPacks.All(name => name.Kind == BlobKind.Tree);

    internal bool Contains(in BlobName name)
    {
        if (inPacks.Contains(name))
        {
            return true;
        }

        var prefixes = name.Kind == BlobKind.Tree ? trees : data;
        if (prefixes.Length == 0)
        {
            return false;
        }

        Span<char> hex = stackalloc char[ObjectId.HexLength];
        Convert.TryToHexStringLower(name.Id.Bytes, hex, out _);
        foreach (var prefix in prefixes)
        {
            if (hex.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }
}
