using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Recover.Compile;

namespace Kedge.Recover.Run;

/// <summary>How long each step took in earlier runs, folded from the journal: the median of the newest nine.</summary>
public sealed class StepTimes : IFold, IStepEstimates
{
    private const int Newest = 9;

    private readonly Dictionary<(RunId, string), DateTimeOffset> begun = [];
    private readonly Dictionary<string, Queue<TimeSpan>> times = new(StringComparer.Ordinal);
    private readonly HashSet<RunId> dry = [];

    public StepEstimate? Find(string step)
    {
        if (!times.TryGetValue(step, out var seen))
        {
            return null;
        }

        var sorted = seen.Order().ToList();
        return new(sorted[sorted.Count / 2], sorted.Count);
    }

    public void Apply(JournalEntry entry)
    {
        switch (entry.Event)
        {
            case RunPlanned { DryRun: true } e:
                dry.Add(e.Run);
                break;
            case StepClaimed e when !dry.Contains(e.Run):
                begun.TryAdd((e.Run, e.Step), entry.At);
                break;
            case StepVerified e when begun.Remove((e.Run, e.Step), out var from):
                if (!times.TryGetValue(e.Step, out var seen))
                {
                    times[e.Step] = seen = new();
                }

                seen.Enqueue(entry.At - from);
                if (seen.Count > Newest)
                {
                    seen.Dequeue();
                }

                break;
        }
    }
}
