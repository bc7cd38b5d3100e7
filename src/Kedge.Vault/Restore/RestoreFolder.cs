using Kedge.Vault.Files;

namespace Kedge.Vault.Restore;

/// <summary>A folder in the target.</summary>
/// <param name="above">Null for the target itself.</param>
/// <param name="isNew">Whether this restore made it: nobody else has put anything in it, or may look into it before it is done.</param>
internal sealed class RestoreFolder(RestoreFolder? above, byte[] name, bool isNew, Metadata? metadata)
{
    internal RestoreFolder? Above { get; } = above;

    internal byte[] Name { get; } = name;

    internal bool IsNew { get; } = isNew;

    /// <summary>What it gets when all is in it; null where it is left as it is.</summary>
    internal Metadata? Metadata { get; } = metadata;

    internal int Depth { get; } = above is null ? 0 : above.Depth + 1;

    /// <summary>For people.</summary>
    internal byte[] PathOf(ReadOnlySpan<byte> entry)
    {
        // A hostile tree may have any number of levels: no call for each.
        var way = new Stack<byte[]>();
        for (var at = this; at is not null; at = at.Above)
        {
            way.Push(at.Name);
        }

        return PathBytes.Join(way, entry);
    }
}
