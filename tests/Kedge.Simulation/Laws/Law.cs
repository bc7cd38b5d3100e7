namespace Kedge.Simulation.Laws;

/// <summary>Names of the laws that planted bugs are known to break.</summary>
internal static class Law
{
    /// <summary>No two copies of a data store accept writes.</summary>
    public const string OneWriter = "one writer";

    /// <summary>No copy is promoted before each older one was fenced, or attested dead.</summary>
    public const string FenceFirst = "fence first";

    /// <summary>A step's result is journaled only once its act has returned.</summary>
    public const string ActBeforeResult = "the result after the act";

    /// <summary>Who takes a claim over from a process that may be at work has killed it.</summary>
    public const string KillFirst = "kill the sleeper first";

    /// <summary>Whoever acts has journaled that it will, and nobody else has since.</summary>
    public const string OwnIntent = "no act after a take-over, none without intent";

    /// <summary>Acts on a data store happen under its instance's lock.</summary>
    public const string Lock = "acts on data happen under the lock";

    /// <summary>Before a copy becomes writable, the epoch is written beside its data.</summary>
    public const string EpochWithData = "the epoch is with the data before the act";

    /// <summary>What a promotion loses was known and allowed, or a person has accepted it.</summary>
    public const string LossAccepted = "no loss beyond the RPO that nobody accepted";

    /// <summary>What was acknowledged as synchronous is on the standby.</summary>
    public const string Synchronous = "synchronous loses nothing";

    /// <summary>What the store has acknowledged is there after a power failure.</summary>
    public const string Synced = "what was acknowledged is there after a crash";
}
