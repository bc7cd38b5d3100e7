namespace Kedge.Vault.Snapshots;

/// <summary>How a person names a snapshot, and perhaps a folder in it: <c>latest</c>, <c>4bba301e</c>, <c>4bba301e:/srv/data</c>.</summary>
/// <param name="Name">"latest", an id, or the beginning of one.</param>
/// <param name="Subfolder">A path in the snapshot; empty for all of it.</param>
public sealed record SnapshotReference(string Name, string Subfolder)
{
    private const string Newest = "latest";

    public bool IsLatest => Name == Newest;

    /// <exception cref="VaultException"><see cref="VaultFault.Misuse"/> where it can be no snapshot's name.</exception>
    public static SnapshotReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        return name == Newest || (name.Length is > 0 and <= Format.ObjectId.HexLength && name.All(char.IsAsciiHexDigit))
            ? new(name.ToLowerInvariant(), colon < 0 ? "" : text[(colon + 1)..])
            : throw new VaultException(
                VaultFault.Misuse,
                $"{Files.PathText.Of(System.Text.Encoding.UTF8.GetBytes(name))} names no snapshot",
                "Give 'latest', or the id of a snapshot or its beginning: kedge vault snapshots.");
    }
}
