using Kedge.Drivers;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Nodes.Warming;

/// <summary>Holds data that is none: every act on it succeeds and does nothing. Its checks fail at a site once that is lost.</summary>
internal sealed class NothingDriver : IDriver, IDataStore, IChecker
{
    private const string Site = "site";

    private SiteName? lost;

    public NothingDriver() => Actions = Contract.Actions.ToDictionary(a => a.Name, _ => (IDriverAction)new Nothing());

    public DriverContract Contract { get; } = new()
    {
        Kind = "nothing",
        Summary = "Data that is none, for the warm-up.",
        HoldsData = true,
        Options = [],
        Checks = [new() { Name = Site, Type = OptionType.Text, Help = "Where the check looks." }],
        Actions =
        [
            Action("fence", ActionRole.Fence),
            Action("promote", ActionRole.Promote) with { TakesEpoch = true },
            Action("point", ActionRole.Switch),
        ],
    };

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    public void Lose(SiteName site) => lost = site;

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        Task.FromResult(new InstanceObservation { State = InstanceState.Running, Role = DataRole.Standby, Summary = "nothing" });

    public string? GuardFolder(InstanceContext instance) => null;

    public Task<CheckResult> CheckAsync(OptionValues options, CancellationToken cancellation) =>
        Task.FromResult(lost?.Value == options.Text(Site) ? new CheckResult(false, "lost") : new CheckResult(true, "nothing is wrong"));

    public Task<Watermark> MarkAsync(InstanceContext active, Marker marker, CancellationToken cancellation) => Task.FromResult(
        new Watermark(marker.Component, active.Id.Site, marker.Epoch, "0", marker.Sequence, marker.At, marker.At, true, "0"));

    public Task<LossReading> ExpectLossAsync(InstanceContext target, Watermark? lastKnown, DateTimeOffset? outage, CancellationToken cancellation) =>
        Task.FromResult(None);

    public Task<LossReading> MeasureLossAsync(
        InstanceContext recovered, InstanceContext? old, Watermark? lastKnown, DateTimeOffset outage, CancellationToken cancellation) => Task.FromResult(None);

    public Task<string?> WrittenSincePromotionAsync(InstanceContext active, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task<long?> EpochInDataAsync(InstanceContext instance, CancellationToken cancellation) => Task.FromResult<long?>(null);

    private static LossReading None { get; } = new(true, TimeSpan.Zero, 0, 0, false, "there is nothing to lose");

    private static ActionContract Action(string name, ActionRole role) => new()
    {
        Name = name,
        Role = role,
        Kinds = [RunKind.Failover],
        Title = $"{name} {{component}} at {{site}}",
        Why = "It is part of the order.",
        SafeToRepeat = true,
        Estimate = TimeSpan.Zero,
        Timeout = TimeSpan.FromSeconds(10),
    };

    private sealed class Nothing : IDriverAction
    {
        private bool done;

        public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => Task.FromResult(Judgement.NotYet("not yet"));

        public Task<string> ActAsync(StepContext step, CancellationToken cancellation)
        {
            done = true;
            return Task.FromResult("done");
        }

        public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) =>
            Task.FromResult(done ? Judgement.Done("done") : Judgement.NotYet("not yet"));

        public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<PreflightFinding>>([]);
    }
}
