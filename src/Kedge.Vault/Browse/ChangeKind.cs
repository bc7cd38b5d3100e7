namespace Kedge.Vault.Browse;

/// <summary>What has become of an entry from one snapshot to another.</summary>
[Flags]
public enum ChangeKind
{
    None = 0,

    Added = 1,

    Removed = 2,

    /// <summary>Another kind of entry has the name.</summary>
    Type = 4,

    /// <summary>A file has another content.</summary>
    Content = 8,

    /// <summary>Together with <see cref="Content"/>: nothing else has changed, not even the times; perhaps the file decayed.</summary>
    OnlyContent = 16,

    /// <summary>Owner, permissions, times, attributes, or what a folder holds.</summary>
    Metadata = 32,
}
