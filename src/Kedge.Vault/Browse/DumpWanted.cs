namespace Kedge.Vault.Browse;

/// <summary>How a folder is written into a stream.</summary>
public enum ArchiveKind
{
    /// <summary>With everything: links, devices, attributes, nanoseconds, names of any bytes.</summary>
    Tar,

    /// <summary>Folders, files and symbolic links, with their permissions; names that are no text are spelled out.</summary>
    Zip,
}

/// <summary>How something is written into a stream.</summary>
public sealed record DumpWanted
{
    /// <summary>For folders.</summary>
    public ArchiveKind Archive { get; init; } = ArchiveKind.Tar;

    /// <summary>Told of what an archive cannot hold; the rest is written.</summary>
    public Action<DumpProblem>? OnProblem { get; init; }
}

/// <summary>Something is not in the archive.</summary>
/// <param name="What">One line, without the path.</param>
public sealed record DumpProblem(ListedEntry Entry, string What);
