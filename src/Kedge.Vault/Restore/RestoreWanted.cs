using Kedge.Vault.Format;

namespace Kedge.Vault.Restore;

/// <summary>What to do about a file that exists in the target already.</summary>
public enum Overwrite
{
    /// <summary>Hold its content against the snapshot, and write what differs.</summary>
    Always,

    /// <summary>
    /// The same, but leave alone what has the size and time of change that the snapshot has. Trusts that whoever wrote it gave
    /// it that time after its content was on the disk: this engine's restore does, also through a power failure. What another
    /// program restored (restic, tar, rsync) may have its time and size without its content after one, and what was changed
    /// and set back to its time is not seen: <see cref="Always"/> finds it.
    /// </summary>
    IfChanged,

    /// <summary>Only what the snapshot has in a newer state. By its time alone: not for going on after an interrupted restore, which
    /// leaves files with the time of their writing.</summary>
    IfNewer,

    /// <summary>Leave it as it is.</summary>
    Never,
}

/// <summary>What to restore, where to, and how.</summary>
public sealed record RestoreWanted
{
    /// <summary>The tree whose entries shall stand in the target.</summary>
    public required ObjectId Tree { get; init; }

    /// <summary>The folder to restore into, as bytes; made where it does not exist.</summary>
    public required byte[] Target { get; init; }

    public Overwrite Overwrite { get; init; } = Overwrite.Always;

    /// <summary>Remove from folders of the snapshot what the snapshot does not have there, and folders with all that is in them
    /// where the snapshot has something else. Otherwise such a folder stays, unless it is empty, and that is told.</summary>
    public bool Delete { get; init; }

    /// <summary>Leave holes where the content is zeros. Those of half a megabyte and more are left anyway.</summary>
    public bool Sparse { get; init; }

    /// <summary>Give files to whoever has the name, rather than the number, that the snapshot says.</summary>
    public bool OwnersByName { get; init; }

    /// <summary>Which paths of the snapshot are left out; null to leave nothing out.</summary>
    public IRestoreFilter? Filter { get; init; }

    /// <summary>Say what would be done, and do nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>How many threads read, verify and write.</summary>
    public int Threads { get; init; } = Math.Clamp(Environment.ProcessorCount + 2, 4, 32);

    /// <summary>Called from any thread for whatever could not be restored as it was.</summary>
    public Action<RestoreProblem>? OnProblem { get; init; }

    /// <summary>Called from any thread for what is made, changed, kept or removed.</summary>
    public Action<RestoreAct, string>? OnAct { get; init; }

    public RestoreProgress Progress { get; init; } = new();
}

/// <summary>Decides what is restored. Called from one thread.</summary>
public interface IRestoreFilter
{
    /// <param name="path">In the snapshot, beginning with a slash, as bytes.</param>
    /// <param name="descend">Whether something below a folder may be wanted.</param>
    /// <returns>Whether the entry itself is wanted.</returns>
    bool Wants(ReadOnlySpan<byte> path, bool isFolder, out bool descend);
}

/// <summary>What becomes of an entry.</summary>
public enum RestoreAct
{
    Made,
    Changed,
    Kept,
    Removed,
}

/// <summary>Something could not be restored as it was; the restore went on.</summary>
/// <param name="Path">In the target, for people.</param>
/// <param name="What">One line, without the path.</param>
public sealed record RestoreProblem(string Path, string What);
