using Kedge.Journal;
using Kedge.Simulation.Kernel;

namespace Kedge.Simulation.Store;

/// <summary>The file that remembers the newest head: written at once, on the disk a little later.</summary>
internal sealed class SecondPlace(Scheduler scheduler)
{
    private JournalHead? written;
    private int boots;

    /// <summary>What is on the disk.</summary>
    public JournalHead? OnDisk { get; private set; }

    public void LosePower()
    {
        boots++;
        written = OnDisk;
    }

    public IHeadKeeper OpenedBy(SimulatedProcess process) => new Keeper(this, process);

    private void Keep(JournalHead head)
    {
        if (written is { } known && known.Position >= head.Position)
        {
            return;
        }

        written = head;
        var boot = boots;
        scheduler.After(TimeSpan.FromMilliseconds(scheduler.Dice.Next(1, 1000)), () =>
        {
            if (boot == boots && (OnDisk is not { } old || old.Position < head.Position))
            {
                OnDisk = head;
            }
        });
    }

    private sealed class Keeper(SecondPlace place, SimulatedProcess process) : IHeadKeeper
    {
        public ValueTask KeepAsync(JournalHead head, CancellationToken cancellation)
        {
            if (!process.IsDead)
            {
                place.Keep(head);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask<JournalHead?> ReadAsync(CancellationToken cancellation) => ValueTask.FromResult(place.written);
    }
}
