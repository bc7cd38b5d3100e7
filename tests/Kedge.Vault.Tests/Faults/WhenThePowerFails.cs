using Kedge.Acceptance.Store;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// The calls of a process that changes a vault are recorded; then the power fails after each of them, and only what was
/// synced is certain to be left.
/// </summary>
public sealed class WhenThePowerFails(ITestOutputHelper output)
{
    private static readonly int Seed = FaultScene.SeedOr(4_711);

    /// <summary>Of the places where the power fails so many are tried, the last one among them.</summary>
    private const int Tried = 25;

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("backup")]
    [InlineData("copy")]
    [InlineData("forget")]
    [InlineData("prune")]
    [InlineData("instant prune")]
    [InlineData("repair")]
    public async Task What_is_left_checks_and_nothing_acknowledged_is_lost(string verb)
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var (failures, tried) = await FailAsync(scene, verb, call => call);
        output.WriteLine($"{verb}: {tried} places, seed {Seed}");
        Assert.Empty(failures);
    }

    [Fact]
    public async Task All_that_was_restored_is_on_the_disk_when_that_is_said()
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        using var place = new TestFolder();
        var folder = await scene.CopyAsync();
        var target = Path.Join(place.Path, "restored");
        var calls = await Tracing.RunAsync(target, Path.Join(place.Path, "log"), "restore", folder, "none", (await FaultScene.SnapshotsAsync(folder))[0], target);
        var said = calls.FindIndex(c => c.Kind == TracedKind.Say && c.Path.StartsWith("done", StringComparison.Ordinal));
        var synced = calls.FindLastIndex(c => c.Kind == TracedKind.SyncAll && c.Path == target);
        Assert.True(calls.Count(c => c.Kind == TracedKind.Create) > 20 && calls.Exists(c => c.Kind == TracedKind.MakeFolder) && calls.Exists(c => c.Kind == TracedKind.Other), "not all was recorded");
        Assert.InRange(synced, calls.FindLastIndex(c => c.Kind is TracedKind.Create or TracedKind.Write or TracedKind.Rename or TracedKind.MakeFolder or TracedKind.Times or TracedKind.Other) + 1, said - 1);
    }

    /// <summary>A file that has the snapshot's time and not its content would be taken for restored by whoever goes on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_restored_file_has_its_time_before_its_content_is_on_the_disk(bool inPlace)
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        using var place = new TestFolder();
        var folder = await scene.CopyAsync();
        var target = Path.Join(place.Path, "restored");
        string[] restore = ["restore", folder, "none", (await FaultScene.SnapshotsAsync(folder))[0], target];
        if (inPlace)
        {
            using var first = HostRun.Start(restore);
            (await first.EndAsync(Ends)).Changes();
            foreach (var path in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories))
            {
                var content = await File.ReadAllBytesAsync(path, Ends);
                content.AsSpan(0, Math.Min(1, content.Length)).Fill(0xa5);
                await File.WriteAllBytesAsync(path, content, Ends);
            }
        }

        var calls = await Tracing.RunAsync(target, Path.Join(place.Path, "log"), restore);
        var timed = 0;
        for (var at = 0; at < calls.Count; at++)
        {
            if (calls[at].Kind == TracedKind.Times && calls.FindLastIndex(c => c.Kind == TracedKind.Write && c.Path == calls[at].Path) is >= 0 and var written)
            {
                Assert.InRange(calls.FindLastIndex(at, c => c.Kind == TracedKind.SyncAll), written + 1, at);
                timed++;
            }
        }

        Assert.True(timed > 20, $"only {timed} files with a content got their time");
    }

    [Fact]
    public async Task What_was_restored_to_a_disk_that_is_mounted_below_is_on_that_too()
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        using var place = new TestFolder();
        var folder = await scene.CopyAsync();
        var target = Path.Join(place.Path, "restored");
        using var disk = new SmallDisk(4 << 20, Path.Join(target, scene.Source, "folder 1"));
        var calls = await Tracing.RunAsync(target, Path.Join(place.Path, "log"), "restore", folder, "none", (await FaultScene.SnapshotsAsync(folder))[0], target);
        var synced = Enumerable.Range(0, calls.Count).Where(at => calls[at].Kind == TracedKind.SyncAll && calls[at].Path == disk.Folder).ToList();
        var changed = calls.FindLastIndex(c => c.Kind is TracedKind.Write or TracedKind.Times && c.Path.StartsWith(disk.Folder + "/", StringComparison.Ordinal));
        var timed = calls.FindIndex(c => c.Kind == TracedKind.Times && c.Path.StartsWith(disk.Folder + "/", StringComparison.Ordinal));
        Assert.InRange(timed, synced[0] + 1, synced[^1]);
        Assert.InRange(changed, timed, synced[^1]);
    }

    /// <summary>The planted bug: what the test above would say of a vault that does not sync one kind of thing.</summary>
    [Theory]
    [InlineData("backup", "data", true)]
    [InlineData("backup", "index", true)]
    [InlineData("backup", "snapshots", true)]
    [InlineData("backup", "data", false)]
    [InlineData("backup", "index", false)]
    [InlineData("backup", "snapshots", false)]
    [InlineData("instant prune", "index", false)]
    public async Task A_sync_that_is_missing_is_found_out(string verb, string kind, bool isContent)
    {
        using var scene = await FaultScene.MakeAsync(Seed);
        var (failures, _) = await FailAsync(scene, verb, call => call.Kind == TracedKind.Sync && call.Path.Contains($"/{kind}", StringComparison.Ordinal)
            && call.Path.Contains("-tmp-", StringComparison.Ordinal) == isContent ? null : call);
        Assert.NotEmpty(failures);
    }

    private static async Task<(List<string> Failures, int Tried)> FailAsync(FaultScene scene, string verb, Func<TracedCall, TracedCall?> edit)
    {
        using var place = new TestFolder();
        var folder = await scene.CopyAsync();
        var before = (await FaultScene.SnapshotsAsync(folder)).ToHashSet();
        var disk = new UnsyncedDisk(folder);
        var calls = (await Tracing.RunAsync(folder, Path.Join(place.Path, "log"), scene.Arguments(verb, folder, "none"))).Select(edit).OfType<TracedCall>().ToList();
        Assert.True(calls.Exists(c => c.Kind == TracedKind.Sync), "nothing was recorded");
        Assert.True(calls.Exists(c => c.Kind == TracedKind.Say && c.Path.StartsWith("done", StringComparison.Ordinal)), "its end was not recorded");
        var random = new Random(Seed);
        var failures = new List<string>();
        // Only changes of the disk, and what is said about it, make a difference.
        var step = Math.Max(1, calls.Count / Tried);
        var tried = 0;
        for (var at = 0; at < calls.Count; at++)
        {
            if (OutOfOrder(disk, calls[at], folder) is { } early)
            {
                failures.Add($"{verb}, call {at}: {calls[at].Kind} of {calls[at].Path} before {early} is on the disk");
            }

            disk.Take(calls[at]);
            if (calls[at].Kind == TracedKind.Say)
            {
                foreach (var line in calls[at].Path.Split('\n'))
                {
                    var words = line.Split(' ');
                    (words[0] switch { "saved" => (Action<string>)(id => before.Add(id)), "forgetting" => id => before.Remove(id), _ => _ => { } })(words[^1]);
                }
            }

            if (at % step == 0 || at == calls.Count - 1 || calls[at].Kind == TracedKind.Say)
            {
                tried++;
                await TryAsync(scene, disk, folder, Path.Join(place.Path, $"{at}"), before, at == calls.Count - 1 ? 0 : random.Next(3) / 2.0, random, $"{verb}, power fails after call {at} of {calls.Count}", failures);
            }
        }

        return (failures, tried);
    }

    /// <summary>What has to be on the disk before a call, and is not: packs before the index that names them, index files before
    /// snapshots and before anything is removed, and what no longer names a pack before the pack goes.</summary>
    private static string? OutOfOrder(UnsyncedDisk disk, TracedCall call, string folder)
    {
        var (data, index, snapshots) = (Path.Join(folder, "data"), Path.Join(folder, "index"), Path.Join(folder, "snapshots"));
        return call.Kind switch
        {
            TracedKind.Rename when IsIn(index, call.To) => Whole(disk.NotDurable(data)),
            TracedKind.Rename when IsIn(snapshots, call.To) => Whole(disk.NotDurable(data)) ?? Whole(disk.NotDurable(index)),
            TracedKind.Remove when IsIn(index, call.Path) => Whole(disk.NotDurable(index)),
            TracedKind.Remove when IsIn(data, call.Path) => Whole(disk.NotDurable(index)) ?? Whole(disk.NotRemoved(index)),
            TracedKind.Say => Whole(disk.NotDurable(data)) ?? Whole(disk.NotDurable(index)) ?? Whole(disk.NotDurable(snapshots)),
            _ => null,
        };

        static bool IsIn(string kind, string path) => path.StartsWith(kind + "/", StringComparison.Ordinal);
        static string? Whole(IEnumerable<string> files) => files.FirstOrDefault(f => !f.Contains("-tmp-", StringComparison.Ordinal));
    }

    private static async Task TryAsync(
        FaultScene scene, UnsyncedDisk disk, string folder, string left, HashSet<string> acknowledged, double luck, Random random, string what, List<string> failures)
    {
        disk.Leave(folder, left, luck, random);
        try
        {
            await scene.DemandSoundAsync(left, acknowledged, what);
        }
        catch (Exception failure) when (failure is VaultException or Xunit.Sdk.XunitException or InvalidOperationException)
        {
            failures.Add($"{what}: {failure.Message}");
        }

        Directory.Delete(left, recursive: true);
    }
}
