namespace Kedge.Vault.Format;

/// <summary>The kinds of objects that a vault's storage holds.</summary>
public enum ObjectKind
{
    /// <summary>One, unnamed: what the vault is. Sealed.</summary>
    Config,

    /// <summary>A master key, sealed with a password. Plain JSON.</summary>
    Key,

    /// <summary>Somebody is at work.</summary>
    Lock,

    /// <summary>One backup.</summary>
    Snapshot,

    /// <summary>Which blobs stand where in which packs.</summary>
    Index,

    /// <summary>Blobs, and a header that lists them. restic's name for its folder is <c>data</c>.</summary>
    Pack,
}

/// <summary>An object in a vault's storage. <see cref="Id"/> has no meaning for <see cref="ObjectKind.Config"/>.</summary>
public readonly record struct ObjectName(ObjectKind Kind, ObjectId Id)
{
    public static ObjectName Config => new(ObjectKind.Config, default);

    public override string ToString() => Kind == ObjectKind.Config ? "config" : $"{FolderOf(Kind)}/{Id}";

    /// <summary>The folder of the repository that holds objects of this kind (restic, doc/design.rst).</summary>
    public static string FolderOf(ObjectKind kind) => kind switch
    {
        ObjectKind.Key => "keys",
        ObjectKind.Lock => "locks",
        ObjectKind.Snapshot => "snapshots",
        ObjectKind.Index => "index",
        ObjectKind.Pack => "data",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no folder."),
    };
}
