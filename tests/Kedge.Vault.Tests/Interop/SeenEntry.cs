namespace Kedge.Vault.Tests.Interop;

/// <summary>All that anybody can tell of an entry, apart from when it was looked at or copied.</summary>
/// <param name="Modified">Seconds since 1970 and nanoseconds.</param>
/// <param name="LinkTarget">With \xHH for what is no text; of a symbolic link only.</param>
/// <param name="LinkedWith">All names of the same file below the folder, the first in order; itself where there is one.</param>
/// <param name="Device">What a device file stands for.</param>
/// <param name="Attributes">Extended attributes, ACLs among them.</param>
/// <param name="Content">A hash of a file's bytes, wherever holes are.</param>
internal sealed record SeenEntry(
    string Kind, string Permissions, uint UserId, uint GroupId, string Modified, string LinkTarget, string LinkedWith, ulong Device, long Size, string Attributes, string Content)
{
    /// <summary>Bytes on the disk. Not compared, since file systems differ.</summary>
    internal long Allocated { get; init; }

    internal ulong Inode { get; init; }

    /// <summary>When anything of it was changed last.</summary>
    internal string Changed { get; init; } = "";

    public bool Equals(SeenEntry? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() =>
        $"{Kind} {Permissions} {UserId}:{GroupId} {Modified} size {Size} device {Device} -> '{LinkTarget}' with '{LinkedWith}' [{Attributes}] {Content}";
}
