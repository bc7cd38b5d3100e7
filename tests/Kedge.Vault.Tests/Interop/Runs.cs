using System.Collections.Concurrent;
using Kedge.Vault.Backup;
using Kedge.Vault.Browse;
using Kedge.Vault.Check;
using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Restore;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Interop;

/// <summary>Backups and restores as tests want them: small, and with all that they told.</summary>
internal static class Runs
{
    internal static BackupWanted Backup(params string[] paths) => new() { Paths = [.. paths.Select(PathBytes.Of)], Hostname = "harbour", Username = "ann", Threads = 4 };

    internal static Task<BackupRun> BackUpAsync(this FolderVault vault, params string[] paths) => BackUpAsync(vault.Vault, Backup(paths));

    /// <summary>With the newest snapshot of the same paths as parent.</summary>
    internal static async Task<BackupRun> BackUpAgainAsync(this FolderVault vault, params string[] paths)
    {
        var parent = await vault.ParentAsync(paths);
        Assert.NotNull(parent);
        return await BackUpAsync(vault.Vault, Backup(paths) with { Parent = (parent.Id, parent.File) });
    }

    internal static async Task<StoredSnapshot?> ParentAsync(this FolderVault vault, params string[] paths) =>
        ParentChoice.For(Backup(paths), (await vault.ListAsync()).Snapshots, SnapshotGrouping.Usual, DateTimeOffset.UtcNow);

    internal static async Task<BackupRun> BackUpAsync(this VaultRepository vault, BackupWanted wanted)
    {
        var problems = new ConcurrentQueue<BackupProblem>();
        var acts = new ConcurrentDictionary<string, BackupAct>();
        var heard = wanted with
        {
            OnProblem = problem =>
            {
                problems.Enqueue(problem);
                wanted.OnProblem?.Invoke(problem);
            },
            OnAct = (act, path, length) =>
            {
                acts[path] = act;
                wanted.OnAct?.Invoke(act, path, length);
            },
        };
        var outcome = await VaultBackup.RunAsync(vault, heard, null, CancellationToken.None);
        Assert.Equal(problems.Count, outcome.Problems);
        return new(outcome, [.. problems], acts, wanted.Progress);
    }

    internal static Task<RestoreRun> RestoreAsync(this FolderVault vault, BackupRun backup, string target, Func<RestoreWanted, RestoreWanted>? with = null) =>
        RestoreAsync(vault.Vault, backup.Outcome.File.Tree, target, with);

    internal static async Task<RestoreRun> RestoreAsync(this VaultRepository vault, ObjectId tree, string target, Func<RestoreWanted, RestoreWanted>? with = null)
    {
        var problems = new ConcurrentQueue<RestoreProblem>();
        var acts = new ConcurrentQueue<(RestoreAct Act, string Path)>();
        var wanted = new RestoreWanted { Tree = tree, Target = PathBytes.Of(target), Threads = 4, OnProblem = problems.Enqueue, OnAct = (act, path) => acts.Enqueue((act, path)) };
        wanted = with?.Invoke(wanted) ?? wanted;
        await VaultRestore.RunAsync(vault, await vault.LoadIndexAsync(CancellationToken.None), wanted, TestContext.Current.CancellationToken);
        Assert.Equal(problems.Count, wanted.Progress.Problems);
        return new([.. problems], [.. acts], wanted.Progress);
    }

    /// <summary>The tree of a folder in a snapshot.</summary>
    internal static async Task<ObjectId> FolderAsync(this FolderVault vault, BackupRun backup, string folder) => await TreeLookup.FolderAsync(
        vault.Vault, await vault.Vault.LoadIndexAsync(CancellationToken.None), backup.Outcome.File.Tree, PathBytes.Of(folder), CancellationToken.None);

    /// <summary>Every byte is looked at.</summary>
    internal static async Task MustBeSoundAsync(this FolderVault vault)
    {
        var outcome = await VaultCheck.RunAsync(vault.Vault, new() { ReadData = DataShare.All, WithHeaders = true }, TestContext.Current.CancellationToken);
        Assert.True(outcome.IsSound, string.Join('\n', outcome.Findings));
    }
}

/// <summary>What became of a backup, and what it told.</summary>
internal sealed record BackupRun(BackupOutcome Outcome, List<BackupProblem> Problems, IReadOnlyDictionary<string, BackupAct> Acts, BackupProgress Progress)
{
    internal SnapshotSummary Summary => Outcome.File.Summary!;

    internal BackupRun WithoutProblems()
    {
        Assert.Empty(Problems);
        return this;
    }
}

/// <summary>What a restore told.</summary>
internal sealed record RestoreRun(List<RestoreProblem> Problems, List<(RestoreAct Act, string Path)> Acts, RestoreProgress Progress)
{
    internal RestoreRun WithoutProblems()
    {
        Assert.Empty(Problems);
        return this;
    }

    internal List<string> Paths(RestoreAct act) => [.. Acts.Where(a => a.Act == act).Select(a => a.Path).Order(StringComparer.Ordinal)];
}
