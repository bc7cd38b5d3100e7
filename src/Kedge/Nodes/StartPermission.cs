using Kedge.Drivers;
using Kedge.Drivers.PostgreSql;
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
    /// <summary>Asks for an instance by its name. Its data folder is the one that the plan in force names, unless another is given.</summary>
    public async Task<StartVerdict> AskAsync(InstanceId instance, string? data, CancellationToken cancellation)
    {
        if (data is not null && IsStandby(data))
        {
            return Standby(data);
        }

        var known = await ReadAsync(cancellation);
        var folder = data ?? known.DataOf(instance);
        return folder is not null && IsStandby(folder) ? Standby(folder)
            : Judge(instance, EpochFile.Read(folder is null ? FileInstanceGuards.FolderOf(instance, null, stateFolder) : SideFolder(folder)), known);
    }

    /// <summary>Asks for the instance that a data folder is of.</summary>
    public async Task<StartVerdict> AskAsync(string data, CancellationToken cancellation)
    {
        if (IsStandby(data))
        {
            return Standby(data);
        }

        var known = await ReadAsync(cancellation);
        var file = EpochFile.Read(SideFolder(data));
        if (file is null && !known.HasPlan)
        {
            return StartVerdict.No("no plan was put in force yet, so nobody can tell which site is active");
        }

        var instance = file is not null ? InstanceId.Parse(file.Instance) : known.InstanceAt(Path.GetFullPath(data).TrimEnd('/'));
        return instance is { } found
            ? Judge(found, file, known)
            : StartVerdict.No($"no instance of the plan has its data in {data}");
    }

    private static StartVerdict Judge(InstanceId instance, EpochFile? file, StartFacts known)
    {
        if (file is not null && file.Journal != known.Journal)
        {
            return StartVerdict.No($"the epoch beside the data of {instance} was given out by another journal");
        }

        var own = file?.Epoch ?? 0;
        if (known.EpochOf(instance.Component) is not { } newest)
        {
            // No move ever took an epoch: where the service is active is all there is to know.
            var active = known.ActiveSite(instance.Component.Service);
            return active is null ? StartVerdict.No($"the plan in force has no service {instance.Component.Service}")
                : own > 0 ? StartVerdict.No($"the data of {instance} is of epoch {own}, which the journal does not know")
                : active == instance.Site.Value ? StartVerdict.Yes($"{instance} is active, and nothing was ever moved")
                : StartVerdict.No($"{instance.Component.Service} is active at {active}, and {instance} would not start as a standby");
        }

        return newest.Site != instance.Site.Value ? StartVerdict.No($"{instance.Component} is active at {newest.Site} (epoch {newest.Epoch}, {newest.Run}), and {instance} would not start as a standby")
            : own != newest.Epoch ? StartVerdict.No($"the data of {instance} is of epoch {own}, the newest is {newest.Epoch}")
            : StartVerdict.Yes($"{instance} is active, epoch {own}");
    }

    private async Task<StartFacts> ReadAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(stateFolder, "kedge.db");
        if (!File.Exists(path))
        {
            throw new DriverException($"there is no state in {stateFolder}: nobody can tell which site is active", "name the state folder: --state DIR");
        }

        await using var store = await SqliteStore.OpenAsync(path, time, cancellation);
        return await StartFacts.ReadAsync(store, cancellation);
    }

    private static StartVerdict Standby(string data) => StartVerdict.Yes($"{data} starts as a standby, which accepts no writes");

    private static bool IsStandby(string data) => PostgresDataFolder.Describe(data) is { IsStandby: true };

    private static string SideFolder(string data) => Path.GetFullPath(data).TrimEnd('/') + ".kedge";
}

/// <summary>An answer to whoever is about to start a data store.</summary>
/// <param name="Because">One line.</param>
public sealed record StartVerdict(bool May, string Because)
{
    public static StartVerdict Yes(string because) => new(true, because);

    public static StartVerdict No(string because) => new(false, because);
}
