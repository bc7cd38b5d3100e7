using Kedge.Drivers;
using Kedge.Plan.Contracts;

namespace Kedge.StoreHost.Crashes;

/// <summary>A driver before, in and after each of whose acts the process may end.</summary>
internal class CrashingDriver(IDriver inner, Crash crash) : IDriver
{
    public DriverContract Contract => inner.Contract;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; } =
        inner.Actions.ToDictionary(a => a.Key, a => (IDriverAction)new CrashingAction(a.Key, a.Value, crash));

    /// <summary>With the same abilities as the driver that it stands before.</summary>
    public static IDriver Before(IDriver driver, Crash crash) => driver switch
    {
        IDataStore store => new CrashingDataStore(driver, store, crash),
        IChecker checker => new CrashingChecker(driver, checker, crash),
        _ => new CrashingDriver(driver, crash),
    };

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) => inner.ObserveAsync(instance, cancellation);

    public string? GuardFolder(InstanceContext instance) => inner.GuardFolder(instance);

    public bool IsWithinReach(InstanceContext instance) => inner.IsWithinReach(instance);

    private sealed class CrashingAction(string name, IDriverAction inner, Crash crash) : IDriverAction
    {
        /// <summary>Most acts take longer; the midst of one that does not is its end.</summary>
        private static readonly TimeSpan Midst = TimeSpan.FromMilliseconds(15);

        public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => inner.JudgeAsync(step, cancellation);

        public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
        {
            var act = $"the act {name} {step.Instance?.Id}";
            crash.PassBy($"before {act}");
            var acting = inner.ActAsync(step, cancellation);
            await Task.WhenAny(acting, Task.Delay(Midst, TimeProvider.System, cancellation));
            crash.PassBy($"in the midst of {act}");
            var report = await acting;
            crash.PassBy($"between {act} and its result");
            return report;
        }

        public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => inner.VerifyAsync(step, cancellation);

        public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) => inner.PreflightAsync(step, cancellation);
    }

    private sealed class CrashingChecker(IDriver inner, IChecker checker, Crash crash) : CrashingDriver(inner, crash), IChecker
    {
        public Task<CheckResult> CheckAsync(OptionValues options, CancellationToken cancellation) => checker.CheckAsync(options, cancellation);
    }

    private sealed class CrashingDataStore(IDriver inner, IDataStore store, Crash crash) : CrashingDriver(inner, crash), IDataStore
    {
        public Task<Watermark> MarkAsync(InstanceContext active, Marker marker, CancellationToken cancellation) => store.MarkAsync(active, marker, cancellation);

        public Task<LossReading> ExpectLossAsync(InstanceContext target, Watermark? lastKnown, DateTimeOffset? outage, CancellationToken cancellation) =>
            store.ExpectLossAsync(target, lastKnown, outage, cancellation);

        public Task<LossReading> MeasureLossAsync(
            InstanceContext recovered, InstanceContext? old, Watermark? lastKnown, DateTimeOffset outage, CancellationToken cancellation) =>
            store.MeasureLossAsync(recovered, old, lastKnown, outage, cancellation);

        public Task<string?> WrittenSincePromotionAsync(InstanceContext active, CancellationToken cancellation) => store.WrittenSincePromotionAsync(active, cancellation);

        public Task<long?> EpochInDataAsync(InstanceContext instance, CancellationToken cancellation) => store.EpochInDataAsync(instance, cancellation);
    }
}
