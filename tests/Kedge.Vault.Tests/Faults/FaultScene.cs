using System.Security.Cryptography;
using System.Text;
using Kedge.Vault.Backends;
using Kedge.Vault.Backup;
using Kedge.Vault.Check;
using Kedge.Vault.Copy;
using Kedge.Vault.Forget;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Repair;
using Kedge.Vault.Restore;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// A small vault with a past (several backups, some forgotten, packs that are partly needed, marked, or in no index),
/// another one to copy from, and a tree to back up. Made once; each fault happens to a copy of it.
/// </summary>
internal sealed class FaultScene : IDisposable
{
    private readonly TestFolder place = new();

    /// <summary>What each snapshot restores to, by its id.</summary>
    private readonly Dictionary<string, string> contents = [];

    private FaultScene()
    {
    }

    internal string Source => Path.Join(place.Path, "source");

    internal string Other => Path.Join(place.Path, "other");

    private string Original => Path.Join(place.Path, "original");

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    internal static LockHolder Self => new(System.Net.Dns.GetHostName(), "test", Environment.ProcessId, 0, 0);

    /// <summary>What a test begins its chances with: KEDGE_FAULT_SEED, or the usual.</summary>
    internal static int SeedOr(int usual) => int.TryParse(Environment.GetEnvironmentVariable("KEDGE_FAULT_SEED"), out var asked) ? asked : usual;

    internal static async Task<FaultScene> MakeAsync(int seed)
    {
        var scene = new FaultScene();
        var random = new Random(seed);
        Directory.CreateDirectory(scene.Source);
        await scene.FillAsync(scene.Original, random, backups: 4, forgotten: 2);
        await scene.FillAsync(scene.Other, random, backups: 2, forgotten: 0);
        Change(scene.Source, random);
        return scene;
    }

    /// <summary>A copy of the vault, for one fault.</summary>
    internal async Task<string> CopyAsync()
    {
        var copy = Path.Join(place.Path, $"copy-{Guid.NewGuid():N}");
        (await Programs.RunAsync("/bin/cp", ["-a", Original, copy], new Dictionary<string, string?>(), Ends)).Succeeded();
        return copy;
    }

    /// <summary>What a host takes to do something in a copy of the vault.</summary>
    /// <param name="stop">As the host's StoppingBackend takes it.</param>
    internal string[] Arguments(string verb, string folder, string stop) => verb switch
    {
        "backup" => ["backup", folder, stop, Source],
        "copy" => ["copy", folder, stop, Other],
        "forget" => ["forget", folder, stop, "1"],
        "prune" => ["prune", folder, stop, "marks"],
        "instant prune" => ["prune", folder, stop, "instant"],
        "repair" => ["repair-index", folder, stop],
        _ => throw new ArgumentException(verb),
    };

    /// <summary>Does the same as a host, in this process.</summary>
    /// <param name="acknowledged">Snapshots that are there; kept up to date with what is acknowledged.</param>
    internal async Task DoAsync(string verb, string folder, HashSet<string> acknowledged)
    {
        await using var vault = await OpenAsync(folder);
        await DoAsync(verb, vault, acknowledged);
    }

    internal async Task DoAsync(string verb, VaultRepository vault, HashSet<string> acknowledged)
    {
        switch (verb)
        {
            case "backup":
                acknowledged.Add($"{(await BackUpAsync(vault, Source)).Snapshot}");
                break;
            case "copy":
                await using (var other = await OpenAsync(Other))
                await using (var taken = await VaultLock.AcquireAsync(vault, Self, exclusive: false, TimeSpan.Zero, Ends))
                {
                    acknowledged.UnionWith((await VaultCopy.RunAsync(other, vault, new(), taken, Ends)).Copied.Select(c => $"{c.Copy}"));
                }

                break;
            case "forget":
                await using (await VaultLock.AcquireAsync(vault, Self, exclusive: false, TimeSpan.Zero, Ends))
                {
                    var leaving = (await SnapshotSurvey.ListAsync(vault, Ends)).Snapshots.OrderBy(s => s.File.Time).SkipLast(1).Select(s => s.Id).ToList();
                    acknowledged.ExceptWith(leaving.Select(id => $"{id}"));
                    await VaultForget.RemoveAsync(vault, leaving, null, Ends);
                }

                break;
            case "prune" or "instant prune":
                var instant = verb != "prune";
                await using (var taken = await VaultPrune.LockAsync(vault, Self, instant, TimeSpan.Zero, Ends))
                {
                    await VaultPrune.RunAsync(vault, new() { Instant = instant, Grace = TimeSpan.Zero, MaxUnused = UnusedLimit.Parse("0") }, taken, Ends);
                }

                break;
            default:
                await using (var taken = await VaultLock.AcquireAsync(vault, Self, exclusive: true, TimeSpan.Zero, Ends))
                {
                    await IndexRepair.RunAsync(vault, new() { ReadAllPacks = true }, taken, Ends);
                }

                break;
        }
    }

    internal static IBackend Storage(string folder) => VaultLocation.Parse(folder).Open(new() { RetryFor = TimeSpan.Zero }, TimeProvider.System);

    internal static Task<VaultRepository> OpenAsync(string folder) =>
        VaultRepository.OpenAsync(Storage(folder), FolderVault.Password.AsMemory(), TimeProvider.System, Ends);

    internal static async Task<List<string>> SnapshotsAsync(string folder)
    {
        await using var vault = await OpenAsync(folder);
        return [.. (await SnapshotSurvey.ListAsync(vault, Ends)).Snapshots.Select(s => $"{s.Id}")];
    }

    /// <summary>Removes locks of processes that have ended.</summary>
    internal static async Task UnlockAsync(string folder)
    {
        await using var vault = await OpenAsync(folder);
        await LockSurvey.RemoveAsync(vault, Self, all: false, Ends);
    }

    /// <summary>Demands that every byte of the vault checks, and that these snapshots are there and restore to what they did.</summary>
    /// <param name="what">Of what the fault was, for the message.</param>
    internal async Task DemandSoundAsync(string folder, IEnumerable<string> acknowledged, string what)
    {
        await using var vault = await OpenAsync(folder);
        await DemandSoundAsync(vault, acknowledged, what);
    }

    internal async Task DemandSoundAsync(VaultRepository vault, IEnumerable<string> acknowledged, string what)
    {
        var check = await VaultCheck.RunAsync(vault, new() { ReadData = DataShare.All, WithHeaders = true, Self = Self }, Ends);
        Assert.True(check.IsSound, $"{what}: {string.Join("; ", check.Findings.Where(f => f.IsDamage).Select(f => f.What))}");
        var there = (await SnapshotSurvey.ListAsync(vault, Ends)).Snapshots.ToDictionary(s => $"{s.Id}");
        foreach (var id in acknowledged)
        {
            Assert.True(there.ContainsKey(id), $"{what}: snapshot {id} is lost");
            var digest = await DigestAsync(vault, there[id].File.Tree);
            lock (contents)
            {
                Assert.True(contents.TryAdd(id, digest) || contents[id] == digest, $"{what}: snapshot {id} restores to something else");
            }
        }
    }

    /// <summary>The same by a stock restic, once stale locks are gone.</summary>
    internal static async Task DemandResticIsContentAsync(string folder, bool readData, string what)
    {
        using var restic = new Restic("0.18", folder, FolderVault.Password);
        await DemandResticIsContentAsync(restic, readData, what);
    }

    internal static async Task DemandResticIsContentAsync(Restic restic, bool readData, string what)
    {
        (await restic.RunAsync("unlock")).Succeeded();
        var end = await restic.RunAsync(readData ? ["check", "--read-data"] : ["check"]);
        Assert.True(end.ExitCode == 0, $"{what}: restic check says {end.Output} {end.Errors}");
    }

    public void Dispose() => place.Dispose();

    /// <summary>Changes, adds and removes some of the files of a tree.</summary>
    internal static void Change(string folder, Random random)
    {
        for (var file = 0; file < 24; file++)
        {
            var path = Directory.CreateDirectory(Path.Join(folder, $"folder {file % 5}")).FullName + $"/file {file}";
            if (!File.Exists(path) || random.Next(3) == 0)
            {
                var bytes = new byte[random.Next(1, 60_000)];
                random.NextBytes(bytes.AsSpan(0, bytes.Length / 2));
                File.WriteAllBytes(path, bytes);
            }
        }
    }

    private async Task FillAsync(string folder, Random random, int backups, int forgotten)
    {
        await using var vault = await VaultRepository.InitAsync(Storage(folder), FolderVault.New(), TimeProvider.System, Ends);
        var made = new List<ObjectId>();
        for (var number = 0; number < backups; number++)
        {
            Change(Source, random);
            made.Add((await BackUpAsync(vault, Source, null)).Snapshot!.Value);
            var id = made[^1];
            contents[$"{id}"] = await DigestAsync(vault, (await SnapshotSurvey.LoadAsync(vault, id, Ends)).File.Tree);
        }

        foreach (var id in made.Take(forgotten))
        {
            await vault.Backend.RemoveAsync(new(ObjectKind.Snapshot, id), Ends);
        }

        if (forgotten == 0)
        {
            return;
        }

        // Marked packs, whose time has not come, and one that no index lists.
        await using (var taken = await VaultPrune.LockAsync(vault, Self, instant: false, TimeSpan.Zero, Ends))
        {
            await VaultPrune.RunAsync(vault, new() { Grace = TimeSpan.FromDays(1), MaxUnused = UnusedLimit.Unlimited }, taken, Ends);
        }

        var orphan = new byte[5000];
        random.NextBytes(orphan);
        await vault.Backend.SaveAsync(new(ObjectKind.Pack, ObjectId.Of(orphan)), orphan, Ends);
        // The one before the last goes too: what it alone needed is for the next prune to find.
        Change(Source, random);
        var last = (await BackUpAsync(vault, Source, null)).Snapshot!.Value;
        contents[$"{last}"] = await DigestAsync(vault, (await SnapshotSurvey.LoadAsync(vault, last, Ends)).File.Tree);
        await vault.Backend.RemoveAsync(new(ObjectKind.Snapshot, made[forgotten]), Ends);
    }

    internal static async Task<BackupOutcome> BackUpAsync(VaultRepository vault, string source)
    {
        await using var taken = await VaultLock.BeginAsync(vault, Self, exclusive: false, TimeSpan.Zero, Ends);
        return await BackUpAsync(vault, source, taken);
    }

    /// <param name="taken">A lock, to be sure of which takes a moment; null where nobody else is at work.</param>
    private static Task<BackupOutcome> BackUpAsync(VaultRepository vault, string source, VaultLock? taken) =>
        VaultBackup.RunAsync(vault, new() { Paths = [Encoding.UTF8.GetBytes(source)], Hostname = "host", Username = "test" }, taken, Ends);

    /// <summary>Restores a tree, and digests names and contents of what came out.</summary>
    internal static async Task<string> DigestAsync(VaultRepository vault, ObjectId tree) =>
        await TryDigestAsync(vault, tree) ?? throw new InvalidOperationException("Not all of it could be restored.");

    /// <summary>Null where the restore told of a problem.</summary>
    internal static async Task<string?> TryDigestAsync(VaultRepository vault, ObjectId tree)
    {
        using var target = new TestFolder();
        var problems = new List<string>();
        var wanted = new RestoreWanted
        {
            Tree = tree,
            Target = Encoding.UTF8.GetBytes(target.Path),
            OnProblem = p =>
            {
                lock (problems)
                {
                    problems.Add($"{p.Path}: {p.What}");
                }
            },
        };
        await VaultRestore.RunAsync(vault, await vault.LoadIndexAsync(Ends), wanted, Ends);
        if (problems.Count > 0)
        {
            return null;
        }

        return await DigestOfAsync(target.Path);
    }

    /// <summary>Of names and contents of all files in a folder.</summary>
    internal static async Task<string> DigestOfAsync(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file[folder.Length..]));
            hash.AppendData(SHA256.HashData(await File.ReadAllBytesAsync(file, Ends)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
