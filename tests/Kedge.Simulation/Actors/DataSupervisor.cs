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

        var mayServe = episode.Guards.EpochOf(copy.Id) is not { } epoch || epoch.ActiveSite == copy.Id.Site;
        if (copy.IsPrimary && !mayServe && episode.Setting.StartIsGuarded)
        {
            return;
        }

        var store = episode.World.Stores[copy.Id.Component];
        var active = episode.Truth.State.Register.Epochs.GetValueOrDefault(store.Id);
        var isOld = copy.IsPrimary && active is not null && active.Site != copy.Id.Site;
        copy.ReturnedAt = isOld ? episode.Scheduler.Elapsed : null;
        copy.Up = true;
        episode.World.Note($"{copy.Id} is started by its supervisor{(isOld ? ", although its site is not the active one" : "")}");
        store.Touch(copy);
    }
}
