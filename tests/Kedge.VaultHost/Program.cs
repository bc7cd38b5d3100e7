using System.Globalization;
using System.Text;
using Kedge.Vault;
using Kedge.Vault.Backends;
using Kedge.Vault.Backup;
using Kedge.Vault.Copy;
using Kedge.Vault.Forget;
using Kedge.Vault.Format;
using Kedge.Vault.Locking;
using Kedge.Vault.Prune;
using Kedge.Vault.Repair;
using Kedge.Vault.Restore;
using Kedge.Vault.Snapshots;
using Kedge.VaultHost;

// Works in vaults whose password is in the environment. What it prints as saved is acknowledged; what it prints as
// forgetting may be gone.
var ends = CancellationToken.None;
var password = Environment.GetEnvironmentVariable("KEDGE_HOST_PASSWORD") ?? "";
var self = new LockHolder(System.Net.Dns.GetHostName(), "host", Environment.ProcessId, 0, 0);
if (args is not [var verb, var folder, var stop, .. var rest])
{
    Console.Error.WriteLine("backup|copy|forget|prune|repair-index|restore FOLDER STOP …");
    return 2;
}

var storage = new StoppingBackend(Open(folder), folder, stop);
await using var vault = await VaultRepository.OpenAsync(storage, password.AsMemory(), TimeProvider.System, ends);
switch (verb, rest)
{
    case ("backup", [var source]):
        await using (var taken = await VaultLock.BeginAsync(vault, self, exclusive: false, TimeSpan.FromSeconds(60), ends))
        {
            var wanted = new BackupWanted { Paths = [Encoding.UTF8.GetBytes(source)], Hostname = "host", Username = "host" };
            var parent = ParentChoice.For(wanted, (await SnapshotSurvey.ListAsync(vault, ends)).Snapshots, SnapshotGrouping.Parse("host,paths"), TimeProvider.System.GetUtcNow());
            wanted = wanted with { Parent = parent is null ? null : (parent.Id, parent.File) };
            Console.WriteLine($"saved {(await VaultBackup.RunAsync(vault, wanted, taken, ends)).Snapshot}");
        }

        break;

    case ("copy", [var from]):
        await using (var source = await VaultRepository.OpenAsync(Open(from), password.AsMemory(), TimeProvider.System, ends))
        await using (var taken = await VaultLock.BeginAsync(vault, self, exclusive: false, TimeSpan.FromSeconds(60), ends))
        {
            foreach (var copied in (await VaultCopy.RunAsync(source, vault, new(), taken, ends)).Copied)
            {
                Console.WriteLine($"saved {copied.Copy}");
            }
        }

        break;

    case ("forget", [var keep]):
        await using (var taken = await VaultLock.AcquireAsync(vault, self, exclusive: false, TimeSpan.FromSeconds(60), ends))
        {
            var all = (await SnapshotSurvey.ListAsync(vault, ends)).Snapshots.OrderBy(s => s.File.Time).ToList();
            List<ObjectId> leaving = [.. all.Take(all.Count - int.Parse(keep, CultureInfo.InvariantCulture)).Select(s => s.Id)];
            leaving.ForEach(id => Console.WriteLine($"forgetting {id}"));
            await VaultForget.RemoveAsync(vault, leaving, null, ends);
        }

        break;

    case ("prune", [var how]):
        var instant = how == "instant";
        await using (var taken = await VaultPrune.LockAsync(vault, self, instant, TimeSpan.FromSeconds(60), ends))
        {
            var wanted = new PruneWanted { Instant = instant, Grace = TimeSpan.Zero, MaxUnused = UnusedLimit.Parse("0") };
            var outcome = await VaultPrune.RunAsync(vault, wanted, taken, ends);
            Console.WriteLine($"pruned {outcome.Removed} {outcome.Marked} {outcome.WaitsFor}");
        }

        break;

    case ("repair-index", []):
        await using (var taken = await VaultLock.AcquireAsync(vault, self, exclusive: true, TimeSpan.FromSeconds(60), ends))
        {
            await IndexRepair.RunAsync(vault, new() { ReadAllPacks = true }, taken, ends);
        }

        break;

    case ("restore", [var snapshot, var target]):
        var tree = (await SnapshotSurvey.LoadAsync(vault, ObjectId.TryParse(snapshot, out var id) ? id : throw new ArgumentException("no snapshot id"), ends)).File.Tree;
        await VaultRestore.RunAsync(vault, await vault.LoadIndexAsync(ends), new() { Tree = tree, Target = Encoding.UTF8.GetBytes(target) }, ends);
        break;

    case ("look-for-keys", [var source, var target]):
        // Does all that needs the key, says how often the key stands in memory then, and how often once the vault is closed.
        var memory = new OwnMemory();
        memory.Know("encryption", vault.Key.Encryption);
        memory.Know("k", vault.Key.MacK);
        memory.Know("r", vault.Key.MacR);
        var saved = await VaultBackup.RunAsync(vault, new() { Paths = [Encoding.UTF8.GetBytes(source)], Hostname = "host", Username = "host" }, null, ends);
        await VaultRestore.RunAsync(vault, await vault.LoadIndexAsync(ends), new() { Tree = saved.File.Tree, Target = Encoding.UTF8.GetBytes(target) }, ends);
        Console.WriteLine($"open {string.Join(' ', memory.Count())}");
        await vault.DisposeAsync();
        Console.WriteLine($"closed {string.Join(' ', memory.Count())}");
        break;

    default:
        Console.Error.WriteLine($"{verb} is not known, or takes other arguments");
        return 2;
}

Console.WriteLine($"done {storage.Changes}");
return 0;

static IBackend Open(string folder) => VaultLocation.Parse(folder).Open(new() { RetryFor = TimeSpan.Zero }, TimeProvider.System);
