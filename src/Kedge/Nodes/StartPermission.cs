using Kedge.Drivers;
using Kedge.Drivers.PostgreSql;
using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Journal.Folding;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Fence;
using Kedge.Store.Sqlite;

namespace Kedge.Nodes;

/// <summary>
/// Whether a data store may be started now: asked before each start by whatever starts it at boot. It may as a standby,
/// or where its data is of the newest epoch and its site is the active one. Whatever cannot be found out is a no.
/// </summary>
public sealed class StartPermission(string stateFolder, TimeProvider time)
{
    /// <summary>Asks for an instance by its name, with the data folder that would be started (null: only the epochs count).</summary>
    public async Task<StartVerdict> AskAsync(InstanceId instance, string? data, CancellationToken cancellation)
    {
        if (data is not null && IsStandby(data))
        {
            return StartVerdict.Yes($"{data} starts as a standby, which accepts no writes");
        }

        var known = await ReadAsync(cancellation);
        var side = data is null ? FileInstanceGuards.FolderOf(instance, null, stateFolder) : SideFolder(data);
        return Judge(instance, EpochFile.Read(side), known);
    }

    /// <summary>Asks for the instance that a data folder is of.</summary>
    public async Task<StartVerdict> AskAsync(string data, CancellationToken cancellation)
    {
        if (IsStandby(data))
        {
            return StartVerdict.Yes($"{data} starts as a standby, which accepts no writes");
        }

        var known = await ReadAsync(cancellation);
        var file = EpochFile.Read(SideFolder(data));
        if (file is null && known.Register.Plan is null)
        {
            return StartVerdict.No("no plan was put in force yet, so nobody can tell which site is active");
        }

        var instance = file is not null ? InstanceId.Parse(file.Instance) : Find(known.Plan(), data);
        return instance is { } found
            ? Judge(found, file, known)
            : StartVerdict.No($"no instance of the plan has its data in {data}");
    }

    private static StartVerdict Judge(InstanceId instance, EpochFile? file, Known known)
    {
        if (file is not null && file.Journal != known.Register.Journal)
        {
            return StartVerdict.No($"the epoch beside the data of {instance} was given out by another journal");
        }

        var newest = known.Register.Epochs.GetValueOrDefault(instance.Component);
        var own = file?.Epoch ?? 0;
        if (newest is null)
        {
            // No move ever took an epoch: the primary site of the plan is the active one.
            var service = known.Plan()?.FindService(instance.Component.Service);
            return service is null ? StartVerdict.No($"the plan in force has no service {instance.Component.Service}")
                : own > 0 ? StartVerdict.No($"the data of {instance} is of epoch {own}, which the journal does not know")
                : known.Register.ActiveSite(service) == instance.Site ? StartVerdict.Yes($"{instance} is active, and nothing was ever moved")
                : StartVerdict.No($"{service.Name} is active at {known.Register.ActiveSite(service)}, and {instance} would not start as a standby");
        }

        return newest.Site != instance.Site ? StartVerdict.No($"{instance.Component} is active at {newest.Site} (epoch {newest.Epoch}, {newest.Run}), and {instance} would not start as a standby")
            : own != newest.Epoch ? StartVerdict.No($"the data of {instance} is of epoch {own}, the newest is {newest.Epoch}")
            : StartVerdict.Yes($"{instance} is active, epoch {own}");
    }

    private async Task<Known> ReadAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(stateFolder, "kedge.db");
        if (!File.Exists(path))
        {
            throw new DriverException($"there is no state in {stateFolder}: nobody can tell which site is active", "name the state folder: --state DIR");
        }

        await using var store = await SqliteStore.OpenAsync(path, time, cancellation);
        await using var heads = new FileHeadKeeper(Path.Combine(stateFolder, "head"), time);
        var register = new Register();
        await new EventLog(store, heads, time, "start").CatchUpAsync([register], cancellation);
        return new(register);
    }

    private static InstanceId? Find(KedgePlan? plan, string data)
    {
        var folder = Path.GetFullPath(data).TrimEnd('/');
        var found = (plan?.Services ?? []).SelectMany(s => s.Components).SelectMany(c => c.Instances)
            .FirstOrDefault(i => i.Options.TextOrNull("data")?.TrimEnd('/') == folder);
        return found?.Id;
    }

    private static bool IsStandby(string data) => PostgresDataFolder.Describe(data) is { IsStandby: true };

    private static string SideFolder(string data) => Path.GetFullPath(data).TrimEnd('/') + ".kedge";

    private sealed class Known(Register register)
    {
        public Register Register { get; } = register;

        /// <summary>Read only where it is needed: a start waits for it.</summary>
        public KedgePlan? Plan() => Register.Plan is { } adopted ? new PlanReader(ControlPlane.Contracts).ReadStored(adopted.Source).Plan : null;
    }
}

/// <summary>An answer to whoever is about to start a data store.</summary>
/// <param name="Because">One line.</param>
public sealed record StartVerdict(bool May, string Because)
{
    public static StartVerdict Yes(string because) => new(true, because);

    public static StartVerdict No(string because) => new(false, because);
}
