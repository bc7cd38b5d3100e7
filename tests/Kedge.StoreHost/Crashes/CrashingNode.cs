using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Nodes;
using Kedge.Store.Sqlite;

namespace Kedge.StoreHost.Crashes;

/// <summary>A node on the embedded store and with the real drivers, which ends or falls asleep at one place.</summary>
internal static class CrashingNode
{
    /// <summary>Runs until its standard input ends, which it does when the test is gone.</summary>
    public static void Run(string folder, string name, TimeSpan lease, Crash crash) => NodeContext.Run<object?>(async () =>
    {
        using var end = new CancellationTokenSource();
        // The console's reader blocks, whatever its methods are called.
        _ = Task.Run(() =>
        {
            Console.In.ReadToEnd();
            end.Cancel();
        });
        var time = TimeProvider.System;
        var built = DriverRegistry.Build(new DriverServices(time, new SecretReader(), new ProgramRunner(time)));
        var drivers = new DriverRegistry(built.Contracts.Select(c => CrashingDriver.Before(built.Get(c.Kind), crash)));
        var store = await SqliteStore.OpenAsync(Path.Combine(folder, "kedge.db"), time, CancellationToken.None);
        await using var plane = await ControlPlane.AssembleAsync(
            new() { StateFolder = folder, Who = name, NodeName = name }, new CrashingStore(store, crash), drivers, CancellationToken.None);
        await plane.CreateNode(new() { Lease = lease, Announce = Console.WriteLine }).RunAsync(end.Token);
        return null;
    });
}
