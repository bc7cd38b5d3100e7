using Kedge.Store.Sqlite;
using Xunit;

namespace Kedge.Acceptance.Store;

/// <summary>
/// A kernel that could not write drops what it could not write and says so once: the next sync succeeds without it.
/// </summary>
public sealed class WhenTheDiskFailsToSync : IDisposable
{
    private readonly DirectoryInfo workplace = Directory.CreateTempSubdirectory("kedge-eio-");

    public void Dispose() => workplace.Delete(recursive: true);

    [Fact]
    public async Task Nothing_more_is_acknowledged_although_the_next_sync_would_succeed()
    {
        var library = await Preload.CompileAsync("failing-sync.c", workplace.FullName);
        var folder = Path.Combine(workplace.FullName, "store");
        var failing = Path.Combine(workplace.FullName, "failing");
        await using var host = HostProcess.StartWith(
            [("LD_PRELOAD", library), ("KEDGE_FAIL_SYNC", failing)], [HostProcess.Program, "lose-a-sync", folder, failing]);
        await host.EndAsync();

        var database = Path.Combine(folder, "kedge.db");
        var failure = $"cannot append to {database}: disk I/O error: Input/output error (SQLite code 1034). The disk did not take what was written. Check it (dmesg), then start Kedge again; until then this process writes nothing more.";
        Assert.Equal(["True", failure, failure], host.Lines);
        Assert.Equal(0, host.ExitCode);

        await using var again = await SqliteStore.OpenAsync(database, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.InRange((await again.ReadAsync(0, 10, TestContext.Current.CancellationToken)).Count, 1, 2);
    }
}
