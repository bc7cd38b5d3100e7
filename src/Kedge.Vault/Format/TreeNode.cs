namespace Kedge.Vault.Format;

/// <summary>
/// An entry of a folder with all its metadata. An object may be filled again and again, so that walking over a million
/// entries allocates next to nothing.
/// </summary>
public sealed class TreeNode
{
    /// <summary>NAME_MAX of Linux.</summary>
    public const int LongestName = 255;

    private byte[] name = new byte[64];
    private int nameLength;

    /// <summary>The bytes that the system has for a name. What a stranger has written may be no name at all: see <see cref="NameProblem"/>.</summary>
    public ReadOnlySpan<byte> Name => name.AsSpan(0, nameLength);

    public NodeKind Kind { get; set; }

    /// <summary>As Go has it: see <see cref="GoMode"/>.</summary>
    public uint Mode { get; set; }

    public GoTime ModifiedAt { get; set; } = GoTime.None;

    public GoTime AccessedAt { get; set; } = GoTime.None;

    /// <summary>When the entry itself was last changed (st_ctim).</summary>
    public GoTime ChangedAt { get; set; } = GoTime.None;

    public uint UserId { get; set; }

    public uint GroupId { get; set; }

    public string User { get; set; } = "";

    public string Group { get; set; } = "";

    public ulong Inode { get; set; }

    /// <summary>Of the file system that it was on (st_dev).</summary>
    public ulong DeviceId { get; set; }

    /// <summary>In bytes, of a file. Whether its content has as many is for the reader of the content to see.</summary>
    public long Size { get; set; }

    public ulong Links { get; set; }

    /// <summary>Where a symbolic link leads.</summary>
    public ReadOnlyMemory<byte> LinkTarget { get; set; }

    public List<ExtendedAttribute> ExtendedAttributes { get; } = [];

    /// <summary>What other systems have: an object of JSON, or nothing.</summary>
    public ReadOnlyMemory<byte> GenericAttributes { get; set; }

    /// <summary>Of a device: which one it is (st_rdev).</summary>
    public ulong Device { get; set; }

    /// <summary>The blobs of a file, in order.</summary>
    public List<ObjectId> Content { get; } = [];

    /// <summary>The tree of a folder.</summary>
    public ObjectId? Subtree { get; set; }

    /// <summary>What went wrong when the entry was read, in its writer's words.</summary>
    public string Error { get; set; } = "";

    /// <summary>Why nobody may make an entry of this name anywhere, as the end of a sentence; null where it is a name.</summary>
    public string? NameProblem => Name switch
    {
        [] => "has no name",
        [(byte)'.'] => "is called \".\", which is the folder itself",
        [(byte)'.', (byte)'.'] => "is called \"..\", which is the folder above",
        _ when Name.Contains((byte)'/') => "has a slash in its name",
        _ when Name.Contains((byte)0) => "has a zero in its name",
        { Length: > LongestName } => $"has a name of {nameLength} bytes",
        _ => null,
    };

    /// <summary>What contradicts its kind, as the end of a sentence; null where nothing does.</summary>
    public string? KindProblem => this switch
    {
        { Kind: NodeKind.Unknown } => "is of a kind that is not known",
        { Kind: NodeKind.Folder, Subtree: null } => "is a folder without a tree",
        { Kind: not NodeKind.Folder, Subtree: not null } => "is no folder and has a tree",
        { Kind: not NodeKind.File, Content.Count: > 0 } => "is no file and has content",
        _ => null,
    };

    public void SetName(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(NameBuffer(bytes.Length));
        nameLength = bytes.Length;
    }

    /// <summary>The name for people: quoted where it holds what a terminal might act upon.</summary>
    public override string ToString() => GoQuote.Describe(Name);

    /// <summary>As new.</summary>
    public void Clear()
    {
        nameLength = 0;
        Kind = NodeKind.Unknown;
        Mode = UserId = GroupId = 0;
        ModifiedAt = AccessedAt = ChangedAt = GoTime.None;
        User = Group = Error = "";
        Inode = DeviceId = Links = Device = 0;
        Size = 0;
        LinkTarget = GenericAttributes = default;
        Subtree = null;
        ExtendedAttributes.Clear();
        Content.Clear();
    }

    /// <summary>From the raw content of a JSON string, which holds Go's quoted form.</summary>
    internal bool TrySetQuotedName(ReadOnlySpan<byte> raw)
    {
        var buffer = NameBuffer(raw.Length);
        return JsonText.TryUnescape(raw, buffer, out var length) && GoQuote.TryUnquote(buffer[..length], out nameLength);
    }

    private Span<byte> NameBuffer(int length)
    {
        if (name.Length < length)
        {
            name = new byte[Math.Max(length, 2 * name.Length)];
        }

        nameLength = 0;
        return name;
    }
}
