using System.Diagnostics;
using Kedge.Vault.Locking;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>Our locks are respected by real restic processes, and theirs by us; the dead are known as such on either side.</summary>
public sealed class LocksBesideRestic
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    public static TheoryData<string> Versions => [.. Restic.Versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Restic_respects_ours(string version)
    {
        using var scene = await FaultScene.MakeAsync(21);
        var folder = await scene.CopyAsync();
        await using var vault = await FaultScene.OpenAsync(folder);
        using var restic = new Restic(version, folder, FolderVault.Password);
        await using (await AcquireAsync(vault, exclusive: true))
        {
            Assert.Contains("locked", await RefusalAsync(restic, "backup", scene.Source));
            Assert.Contains("locked", await RefusalAsync(restic, "check"));
        }

        await using (await AcquireAsync(vault, exclusive: false))
        {
            (await restic.RunAsync("backup", scene.Source)).Succeeded();
            Assert.Contains("locked", await RefusalAsync(restic, "check"));
            // The holder lives: its lock is not stale.
            (await restic.RunAsync("unlock")).Succeeded();
            Assert.Contains("locked", await RefusalAsync(restic, "prune"));
        }

        (await restic.RunAsync("check")).Succeeded();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task We_respect_restics(string version)
    {
        using var scene = await FaultScene.MakeAsync(22);
        var folder = await scene.CopyAsync();
        await using var vault = await FaultScene.OpenAsync(folder);
        await using (var shared = await StoppedRestic.StartAsync(version, folder, "backup", scene.Source))
        {
            await using (await AcquireAsync(vault, exclusive: false))
            {
                // Both at once.
            }

            Assert.Equal(VaultFault.Locked, (await Assert.ThrowsAsync<VaultException>(() => AcquireAsync(vault, exclusive: true))).Fault);
            Assert.Empty(await LockSurvey.RemoveAsync(vault, FaultScene.Self, all: false, Ends));
            Assert.Equal(0, await shared.GoOnAsync());
        }

        await using (var exclusive = await StoppedRestic.StartAsync(version, folder, "check"))
        {
            var refusal = await Assert.ThrowsAsync<VaultException>(() => AcquireAsync(vault, exclusive: false));
            Assert.Equal(VaultFault.Locked, refusal.Fault);
            Assert.Contains("exclusively", refusal.Message);
            Assert.Contains($"process {exclusive.Id} ", refusal.Message);
            Assert.Equal(0, await exclusive.GoOnAsync());
        }

        await using (await AcquireAsync(vault, exclusive: true))
        {
            // Free again.
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_lock_whose_holder_was_killed_is_removed_by_the_other(string version)
    {
        using var scene = await FaultScene.MakeAsync(23);
        var folder = await scene.CopyAsync();
        await using var vault = await FaultScene.OpenAsync(folder);
        await using (await StoppedRestic.StartAsync(version, folder, "check"))
        {
            // Killed where this ends.
        }

        Assert.Single(await LockSurvey.RemoveAsync(vault, FaultScene.Self, all: false, Ends));
        await using (await AcquireAsync(vault, exclusive: true))
        {
            // Free again.
        }

        using (var host = HostRun.Start("prune", folder, "after:1", "instant"))
        {
            Assert.Equal(HostEnd.Killed, (await host.EndAsync(Ends)).ExitCode);
        }

        using var restic = new Restic(version, folder, FolderVault.Password);
        Assert.Contains("locked", await RefusalAsync(restic, "check"));
        (await restic.RunAsync("unlock")).Succeeded();
        (await restic.RunAsync("check")).Succeeded();
    }

    /// <summary>Both look, make a lock, wait and look again: at the same moment at most one may be sure.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Of_two_that_want_it_alone_at_the_same_moment_one_at_most_has_it(string version)
    {
        using var scene = await FaultScene.MakeAsync(24);
        var folder = await scene.CopyAsync();
        await using var vault = await FaultScene.OpenAsync(folder);
        var random = new Random(24);
        for (var round = 0; round < 4; round++)
        {
            using var restic = new Restic(version, folder, FolderVault.Password);
            var theirs = restic.RunAsync("check");
            await Task.Delay(random.Next(200), Ends);
            try
            {
                await using var ours = await AcquireAsync(vault, exclusive: true);
                var hadEnded = theirs.IsCompleted;
                var end = await theirs;
                Assert.True(hadEnded || end.ExitCode != 0, $"round {round}: both had it");
            }
            catch (VaultException refusal) when (refusal.Fault == VaultFault.Locked)
            {
                await theirs;
            }

            Assert.Empty(await LockSurvey.ListAsync(vault, Ends));
        }
    }

    private static Task<VaultLock> AcquireAsync(VaultRepository vault, bool exclusive) =>
        VaultLock.AcquireAsync(vault, FaultScene.Self, exclusive, TimeSpan.Zero, Ends);

    private static async Task<string> RefusalAsync(Restic restic, params string[] arguments)
    {
        var end = await restic.RunAsync(arguments);
        Assert.NotEqual(0, end.ExitCode);
        return end.Errors;
    }

    /// <summary>A restic that sleeps (SIGSTOP) with its lock in the vault. Killed where it is disposed of.</summary>
    private sealed class StoppedRestic : IAsyncDisposable
    {
        private readonly Process process;
        private readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("kedge-restic-");

        private StoppedRestic(string version, string folder, string[] arguments)
        {
            // In a session of its own: where one of a group sleeps whose shell is gone, the system ends all of it.
            var start = new ProcessStartInfo("/usr/bin/setsid", [VaultTools.Need($"restic-{version}"), "--repo", folder, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["RESTIC_PASSWORD"] = FolderVault.Password;
            start.Environment["RESTIC_CACHE_DIR"] = cache.FullName;
            start.Environment["HOME"] = cache.FullName;
            process = Process.Start(start)!;
        }

        internal int Id => process.Id;

        /// <summary>restic waits for 200 ms once it has made its lock; there it is caught.</summary>
        internal static async Task<StoppedRestic> StartAsync(string version, string folder, params string[] arguments)
        {
            var restic = new StoppedRestic(version, folder, arguments);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            while (!Directory.EnumerateFiles(Path.Join(folder, "locks")).Any(f => !f.Contains("-tmp-", StringComparison.Ordinal)))
            {
                Assert.False(restic.process.HasExited, "restic ended before it had a lock");
                Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "restic took no lock");
                await Task.Delay(2, Ends);
            }

            await restic.SignalAsync("STOP");
            return restic;
        }

        internal async Task<int> GoOnAsync()
        {
            await SignalAsync("CONT");
            await process.WaitForExitAsync(Ends);
            return process.ExitCode;
        }

        public async ValueTask DisposeAsync()
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync(Ends);
            }

            process.Dispose();
            cache.Delete(recursive: true);
        }

        private async Task SignalAsync(string signal) =>
            (await Programs.RunAsync("/bin/kill", [$"-{signal}", $"{Id}"], new Dictionary<string, string?>(), Ends)).Succeeded();
    }
}
