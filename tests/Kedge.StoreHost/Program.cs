using System.Globalization;
using System.Text;
using System.Text.Json;
using Kedge.Drivers.Programs;
using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Recover.Fence;
using Kedge.Store;
using Kedge.Store.Sqlite;
using Kedge.StoreHost.Crashes;

var ends = CancellationToken.None;
switch (args)
{
    case ["append", var folder, var seed, var appends, var synchronous]:
        await AppendAsync(folder, Number(seed), Number(appends), synchronous);
        return 0;

    case ["open", var folder]:
        try
        {
            await using var store = await SqliteStore.OpenAsync(Path.Combine(folder, "kedge.db"), TimeProvider.System, ends);
            return 0;
        }
        catch (StoreException failure)
        {
            Console.WriteLine(failure.Message);
            return 1;
        }

    case ["lose-a-sync", var folder, var whileThere]:
        // Appends once, once more while the disk fails to sync (which a file says), and a last time when it works again.
        await using (var store = await SqliteStore.OpenAsync(Path.Combine(folder, "kedge.db"), TimeProvider.System, ends))
        {
            var record = new ReadOnlyMemory<byte>[] { "{}"u8.ToArray() };
            Console.WriteLine(await store.AppendAsync(0, record, ends));
            for (var i = 0; i < 2; i++)
            {
                await (i == 0 ? File.WriteAllTextAsync(whileThere, "") : Task.Run(() => File.Delete(whileThere)));
                try
                {
                    Console.WriteLine(await store.AppendAsync(1, record, ends));
                }
                catch (StoreException failure)
                {
                    Console.WriteLine(failure.Message);
                }
            }
        }

        return 0;

    case ["go-first"]:
        // A thread that starts programs is there already when the process goes ahead of others.
        var runner = new ProgramRunner(TimeProvider.System);
        var look = new ProgramStart { Arguments = ["/bin/cat", "/proc/self/stat"], Timeout = TimeSpan.FromSeconds(30) };
        await runner.RunAsync(look, ends);
        ProcessPriority.Raise();
        Console.WriteLine(NiceValue(await File.ReadAllTextAsync("/proc/self/stat", ends)));
        Console.WriteLine(NiceValue((await runner.RunAsync(look, ends)).Output));
        return 0;

    case ["hold", var folder, var instance]:
        // Holds an instance's lock until its standard input ends, and starts a program that outlives it.
        var guards = new FileInstanceGuards(folder, "journal", TimeProvider.System);
        await using (await guards.AcquireAsync(InstanceId.Parse(instance), folder, ends))
        {
            using var child = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sleep", ["600"]) { RedirectStandardOutput = true })!;
            Console.WriteLine($"held {child.Id}");
            await Console.In.ReadToEndAsync();
        }

        return 0;

    case ["hold-store", var folder]:
        // Holds the store's lock for writing until its standard input ends.
        using (var connection = SqliteConnection.Open(Path.Combine(folder, "kedge.db"), TimeSpan.FromSeconds(10)))
        {
            connection.Execute("BEGIN IMMEDIATE");
            Console.WriteLine("held");
            await Console.In.ReadToEndAsync();
        }

        return 0;

    case ["look-without-files"]:
        // Opens files until no more can be, then looks at a process. The first look loads what later ones need.
        Console.WriteLine(Kedge.Drivers.Programs.ProcessStat.Read(1)?.Pid);
        _ = System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(24);
        var open = new List<FileStream>();
        try
        {
            while (true)
            {
                open.Add(File.OpenRead("/dev/null"));
            }
        }
        catch (IOException)
        {
            // That was the last.
        }

        string seen;
        try
        {
            seen = Kedge.Drivers.Programs.ProcessStat.Read(1) is null ? "process 1 is gone" : "process 1 is there";
        }
        catch (Kedge.Drivers.DriverException failure)
        {
            seen = failure.Message;
        }

        open.ForEach(f => f.Dispose());
        Console.WriteLine(seen);
        return 0;

    case ["identity"]:
        Console.WriteLine(JsonSerializer.Serialize(NodeIdentities.Current("host"), JournalJson.Default.NodeIdentity));
        await Console.In.ReadToEndAsync();
        return 0;

    case ["is-dead", var identity]:
        var node = JsonSerializer.Deserialize(identity, JournalJson.Default.NodeIdentity)!;
        Console.WriteLine(new ProcessSleeperKiller(everyNodeRunsHere: true, TimeProvider.System).IsDead(node));
        return 0;

    case ["node", var folder, var name, var lease, var signal, var place]:
        CrashingNode.Run(folder, name, TimeSpan.FromMilliseconds(Number(lease)), new Crash(Number(signal), place));
        return 0;

    default:
        Console.Error.WriteLine("append FOLDER SEED APPENDS SYNCHRONOUS | open FOLDER | lose-a-sync FOLDER FILE | hold FOLDER INSTANCE | identity | is-dead IDENTITY | node FOLDER NAME LEASE-MS SIGNAL PLACE");
        return 2;
}

// The seventeenth field behind the name, which ends with the last parenthesis (proc_pid_stat(5)).
static string NiceValue(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16];

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

// Appends events of many sizes, with leases and latest values in between, and says which are acknowledged: on standard
// output, and in a file that a recording of its system calls shows in their midst.
async Task AppendAsync(string folder, int seed, int appends, string synchronous)
{
    var random = new Random(seed);
    var settings = SqliteSettings.Default with
    {
        AppendSynchronous = synchronous,
        CheckpointEvery = 200_000,
        ReserveBytes = 64 * 1024,
    };
    var name = $"host-{seed}";
    await using var store = await SqliteStore.OpenAsync(Path.Combine(folder, "kedge.db"), TimeProvider.System, settings, ends);
    await using var heads = new FileHeadKeeper(Path.Combine(folder, "head"), TimeProvider.System);
    await using var acknowledged = new FileStream(
        Path.Combine(folder, "acknowledged"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    var log = new EventLog(store, heads, TimeProvider.System, name);
    await log.CatchUpAsync([], ends);
    for (var done = 0; done < appends;)
    {
        if (random.Next(4) == 0)
        {
            await store.PutLatestAsync(
                new Dictionary<string, ReadOnlyMemory<byte>> { [$"marker/{random.Next(5)}"] = new byte[random.Next(200)] }, ends);
            await store.TryLeaseAsync($"lease-{random.Next(3)}", name, TimeSpan.FromSeconds(1), ends);
        }

        var events = Enumerable.Range(0, 1 + random.Next(8)).Select(_ => Something()).ToList();
        if (await log.TryAppendAsync(events, [], ends))
        {
            var line = $"{log.Head.Position} {log.Head.Hash}\n";
            await acknowledged.WriteAsync(Encoding.ASCII.GetBytes(line), ends);
            Console.Write(line);
            done++;
        }
        else
        {
            await log.CatchUpAsync([], ends);
        }
    }

    JournalEvent Something() => log.Head.Position == 0
        ? new JournalOpened("b7e0c2f49d5a4e1f")
        : new StepActed(new("run-1"), "promote orders/database@west", 1, 1, new string('x', random.Next(random.Next(10) == 0 ? 20_000 : 300)));
}
