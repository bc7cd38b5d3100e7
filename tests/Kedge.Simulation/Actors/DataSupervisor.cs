using Kedge.Simulation.World;

namespace Kedge.Simulation.Actors;

/// <summary>
/// What starts data stores without Kedge: a boot, or a supervisor after a crash. Where the start is guarded, the epoch
/// beside the data decides; where it is not, an old primary may come back as one.
/// </summary>
internal sealed class DataSupervisor(Episode episode)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Whether a server that crashed is started again by itself.</summary>
    public bool RestartsAfterCrash { get; set; }

    public void Start() => episode.Outside.Start(LookAsync, static _ => { });

    /// <summary>A site has its power again; what ran there is started as it was.</summary>
    public void Boot(Kedge.Plan.Model.SiteName site)
    {
        episode.World.PowerOn(site);
        foreach (var copy in episode.World.CopiesAt(site))
        {
            TryStart(copy);
        }
    }

    /// <summary>What <c>kedge may-start</c> says of a primary: only where the journal's newest epoch is beside its data, and its site's.</summary>
    public bool MayStart(DataCopy copy)
    {
        if (!copy.IsPrimary || !copy.Whole)
        {
            return copy.Whole;
        }

        var register = episode.Truth.State.Register;
        var own = episode.Guards.EpochOf(copy.Id)?.Epoch ?? 0;
        return register.Epochs.TryGetValue(copy.Id.Component, out var newest)
            ? newest.Site == copy.Id.Site && own == newest.Epoch
            : own == 0 && episode.Setting.Plan.FindService(copy.Id.Component.Service)!.Primary == copy.Id.Site;
    }

    /// <summary>
    /// A run was aborted half way. Without a guard anything may start then, and nobody can say which copy is the one: that
    /// is why the plan's validation asks for one.
    /// </summary>
    private bool IsBetweenSites(DataCopy copy)
    {
        var state = episode.Truth.State;
        return state.Register.Epochs.TryGetValue(copy.Id.Component, out var holding)
            && holding.Site != state.Register.ActiveSite(episode.Setting.Plan.FindService(copy.Id.Component.Service)!)
            && state.Runs.Find(holding.Run) is not { Live: true };
    }

    private async Task LookAsync()
    {
        while (true)
        {
            await Task.Delay(Every, episode.Outside.Clock);
            if (RestartsAfterCrash && episode.Scheduler.Dice.Next(3) == 0)
            {
                foreach (var copy in episode.World.Stores.Values.SelectMany(s => s.Copies).Where(c => !c.StoppedCleanly))
                {
                    TryStart(copy);
                }
            }
        }
    }

    private void TryStart(DataCopy copy)
    {
        if (copy.Up || !copy.Powered || !copy.Whole)
        {
            return;
        }

        var isOld = !MayStart(copy);
        if (isOld && (episode.Setting.StartIsGuarded || IsBetweenSites(copy)))
        {
            return;
        }

        var store = episode.World.Stores[copy.Id.Component];
        copy.ReturnedAt = isOld ? episode.Scheduler.Elapsed : null;
        copy.Up = true;
        episode.World.Note($"{copy.Id} is started by its supervisor{(isOld ? ", although it is not the active one" : "")}");
        store.Touch(copy);
    }
}
