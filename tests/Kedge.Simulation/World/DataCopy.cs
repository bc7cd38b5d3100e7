using Kedge.Plan.Model;

namespace Kedge.Simulation.World;

/// <summary>One copy of a simulated data store: a server process with a log, at one site.</summary>
internal sealed class DataCopy(InstanceId id)
{
    public InstanceId Id { get; } = id;

    /// <summary>What it has on its disk, oldest first.</summary>
    public List<LogEntry> Log { get; } = [];

    public bool Up { get; set; }

    /// <summary>Stopped with SIGSTOP, or worse: its ports are open and nothing answers. It may go on at any time.</summary>
    public bool Hung { get; set; }

    /// <summary>False while its machine is off.</summary>
    public bool Powered { get; set; } = true;

    /// <summary>Until when somebody who makes sure that it is dead keeps its plug in hand.</summary>
    public TimeSpan UnpluggedUntil { get; set; }

    /// <summary>Its role, on its disk: a primary, else a standby.</summary>
    public bool IsPrimary { get; set; }

    /// <summary>How much it had when it was promoted; null where it never was.</summary>
    public int? PromotedAt { get; set; }

    /// <summary>The epoch under which that happened.</summary>
    public long? PromotedUnder { get; set; }

    /// <summary>False while a rebuild is half done.</summary>
    public bool Whole { get; set; } = true;

    /// <summary>Whether its last stop was an orderly one.</summary>
    public bool StoppedCleanly { get; set; }

    /// <summary>The copy that it follows; null for none.</summary>
    public DataCopy? Source { get; set; }

    /// <summary>False where replication does not get through just now.</summary>
    public bool Connected { get; set; } = true;

    /// <summary>False where whoever writes markers does not get through just now.</summary>
    public bool TakesMarkers { get; set; } = true;

    /// <summary>How long an entry takes to arrive here.</summary>
    public TimeSpan Lag { get; set; } = TimeSpan.FromMilliseconds(3);

    /// <summary>As a primary: commits wait until the standby has them too.</summary>
    public bool CommitsWait { get; set; }

    /// <summary>Entries are on their way here.</summary>
    public bool Receiving { get; set; }

    /// <summary>When it came back by itself although its site is not the active one; null for a copy that Kedge started.</summary>
    public TimeSpan? ReturnedAt { get; set; }

    public bool Answers => Powered && Up && !Hung;

    /// <summary>Whether clients that reach it may write to it, now or as soon as it goes on.</summary>
    public bool AcceptsWrites => Powered && Up && IsPrimary;

    public bool Follows(DataCopy other) => Up && !IsPrimary && Whole && Source == other && Connected;

    /// <summary>Whether all that this copy has is also in the other's log.</summary>
    public bool IsPrefixOf(DataCopy other) =>
        Log.Count <= other.Log.Count && (Log.Count == 0 || other.Log[Log.Count - 1].Serial == Log[^1].Serial);

    /// <summary>The newest epoch that the data itself carries; null where it carries none.</summary>
    public LogEntry? EpochRow => Last(EntryKind.Epoch);

    public LogEntry? NewestMarker => Last(EntryKind.Marker);

    private LogEntry? Last(EntryKind kind)
    {
        for (var i = Log.Count - 1; i >= 0; i--)
        {
            if (Log[i].Kind == kind)
            {
                return Log[i];
            }
        }

        return null;
    }
}

/// <summary>One change in a log.</summary>
/// <param name="Serial">Unique in the world: two logs that have the same serial at a position are the same up to there.</param>
/// <param name="Number">A marker's sequence; of no meaning for others.</param>
internal readonly record struct LogEntry(long Serial, EntryKind Kind, long Number, long Epoch, SiteName Site, DateTimeOffset At);

internal enum EntryKind
{
    Order,
    Marker,
    Epoch,
}
