using Kedge.Vault.Files;

namespace Kedge.Vault.Backup;

/// <summary>What a backup was asked for, as it stands on the disk when the backup begins.</summary>
internal sealed class BackupTargets
{
    private readonly List<byte[]> chosen = [];
    private readonly List<string> recorded = [];

    private BackupTargets()
    {
    }

    /// <summary>What is to be walked.</summary>
    internal IReadOnlyList<byte[]> Chosen => chosen;

    /// <summary>The paths for the snapshot: also of what is excluded or may not be looked at, as in restic, but of nothing that does not exist.</summary>
    internal IReadOnlyList<string> Recorded => recorded;

    /// <summary>Looks at all of them, and tells of those that cannot be backed up.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/> where nothing is left.</exception>
    internal static BackupTargets Find(BackupWanted wanted)
    {
        var targets = new BackupTargets();
        if (wanted.Stream is not null)
        {
            targets.chosen.Add(wanted.Paths[0]);
            targets.recorded.Add(AbsoluteText(PathBytes.Join("/"u8, wanted.Paths[0])));
            return targets;
        }

        var isExcluded = false;
        foreach (var path in wanted.Paths.Select(p => PathBytes.Clean(p)))
        {
            isExcluded |= targets.Add(path, wanted);
        }

        return targets.chosen.Count > 0
            ? targets
            : throw new VaultException(VaultFault.NotFound, isExcluded ? "all that was to be backed up is excluded" : "nothing of what was to be backed up exists", "Look at the paths; relative ones start at the working folder.");
    }

    /// <summary>Whether something stands at a path, though perhaps nobody may look at it.</summary>
    internal static bool MayExist(byte[] path) => MayExist(Look(PathBytes.Clean(path)));

    /// <summary>As snapshots record paths: absolute, and text (restic, doc/design.rst "Snapshots").</summary>
    internal static string AbsoluteText(byte[] path) =>
        System.Text.Encoding.UTF8.GetString(Absolute(path));

    /// <summary>From the root, without <c>.</c> and <c>..</c>.</summary>
    internal static byte[] Absolute(byte[] path) => PathBytes.Clean(PathBytes.Join(PathBytes.Of(Environment.CurrentDirectory), path));

    /// <returns>Whether it is excluded.</returns>
    private bool Add(byte[] path, BackupWanted wanted)
    {
        var error = Look(path);
        if (MayExist(error))
        {
            recorded.Add(AbsoluteText(path));
        }

        if (error != Errno.None)
        {
            wanted.Progress.Problem();
            wanted.OnProblem?.Invoke(new(PathText.Of(path), error.Words(), IsLost: true));
            return false;
        }

        if (wanted.Filter?.Excludes(Absolute(path), isFolder: false) == true)
        {
            return true;
        }

        chosen.Add(path);
        return false;
    }

    private static bool MayExist(Errno error) => error is not (Errno.NotFound or Errno.NotAFolder);

    private static Errno Look(byte[] path)
    {
        var name = PathBytes.Name(path);
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            var opened = FolderHandle.Open(path, out var itself);
            itself.Dispose();
            return opened;
        }

        var error = FolderHandle.Open(PathBytes.Parent(path), out var parent);
        using (parent)
        {
            return error == Errno.None ? parent.StatusOf(name, out _) : error;
        }
    }
}
