using Kedge.Journal.Events;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>Makes the steps of one service's move, worded for the operator.</summary>
internal sealed class StepFactory(
    KedgePlan plan,
    Service service,
    Move move,
    CompileRequest request,
    IReadOnlyDictionary<string, DriverContract> contracts,
    ObservedState observed)
{
    private static readonly TimeSpan CheckEstimate = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PersonEstimate = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, RecoveryStep> made = new(StringComparer.Ordinal);

    public RecoveryStep Find(string step) => made[step];

    public RecoveryStep Act(DriverContract contract, Component component, Instance instance, ActionContract action)
    {
        var fences = contract.HoldsData && (action.Role is ActionRole.Fence or ActionRole.Stop);
        var instruction = Instruction(action, instance.Options);
        var step = Estimated(new RecoveryStep
        {
            Id = $"{action.Name} {instance.Id}",
            Kind = instruction is null ? StepKind.Act : StepKind.Confirm,
            Phase = PhaseOf(action.Role),
            Title = Fill(action.Title, component, instance),
            Why = Fill(action.Why, component, instance),
            Service = service.Name,
            Instance = instance.Id,
            At = instance.Id.Site,
            Driver = contract.Kind,
            Action = action.Name,
            Needs = [],
            SafeToRepeat = SafeToRepeat(action, instance.Options),
            Required = action.Required,
            TakesEpoch = contract.HoldsData && (action.TakesEpoch || fences),
            Fences = fences,
            Estimate = action.Estimate,
            EstimateBasis = "default",
            Timeout = Timeout(action, instance.Options),
            Attempts = action.Attempts,
            Instruction = instruction,
            Settles = action.SettlesAfter is { } option && instance.Options.Has(option) ? instance.Options.Duration(option) : null,
        });
        return Keep(fences && action.Role is ActionRole.Fence && observed.OutOfReach.Contains(instance.Id) ? FromOutside(step) : step);
    }

    public RecoveryStep Wait(RecoveryStep after, TimeSpan time) => Keep(new RecoveryStep
    {
        Id = $"settle {after.Instance}",
        Kind = StepKind.Wait,
        Phase = Phase.Switch,
        Title = $"Wait {Durations.Show(time)} until everybody follows {after.Instance?.Component}",
        Why = "Whoever still remembers the old address is served there until it has run out of caches.",
        Service = service.Name,
        At = move.To,
        Needs = [],
        SafeToRepeat = true,
        Required = true,
        TakesEpoch = false,
        Fences = false,
        Estimate = time,
        EstimateBasis = "option",
        Timeout = time + CheckTimeout,
        Attempts = 1,
    });

    public RecoveryStep Check() => Keep(Estimated(new RecoveryStep
    {
        Id = $"check {service.Name}@{move.To}",
        Kind = StepKind.Check,
        Phase = Phase.Verify,
        Title = $"Test {service.Title} end to end at {move.To}",
        Why = "Only a served request proves that the service is back.",
        Service = service.Name,
        At = move.To,
        Needs = [],
        SafeToRepeat = true,
        Required = true,
        TakesEpoch = false,
        Fences = false,
        Estimate = CheckEstimate,
        EstimateBasis = "default",
        Timeout = CheckTimeout,
        Attempts = 1,
    }));

    public RecoveryStep NoVault(Component component) => Keep(new RecoveryStep
    {
        Id = $"restore {component.Id}@{move.To}",
        Kind = StepKind.Blocked,
        Phase = Phase.Promote,
        Title = $"Restore {component.Title} at {move.To}",
        Why = "What replication has copied faithfully, corruption included, only a backup can undo.",
        Service = service.Name,
        At = move.To,
        Needs = [],
        SafeToRepeat = false,
        Required = true,
        TakesEpoch = false,
        Fences = false,
        Estimate = TimeSpan.Zero,
        EstimateBasis = "unknown",
        Timeout = TimeSpan.FromSeconds(1),
        Attempts = 1,
        Instruction = "no vault configured: there is no backup to restore from",
    });

    public RecoveryStep Custom(CustomStep custom)
    {
        var action = contracts[custom.Driver].Actions.First(a => a.Role is ActionRole.Custom);
        var instruction = Instruction(action, custom.Options);
        return Keep(Estimated(new RecoveryStep
        {
            Id = $"{custom.Name} {service.Name}",
            Kind = instruction is null ? StepKind.Act : StepKind.Confirm,
            Phase = custom.Phase,
            Title = instruction ?? custom.Name,
            Why = $"The plan asks for it {(custom.Before ? "before" : "after")} {custom.Phase}.",
            Service = service.Name,
            At = move.To,
            Driver = custom.Driver,
            Action = action.Name,
            Custom = custom.Name,
            Needs = [],
            SafeToRepeat = SafeToRepeat(action, custom.Options),
            Required = true,
            TakesEpoch = false,
            Fences = false,
            Estimate = action.Estimate,
            EstimateBasis = "default",
            Timeout = Timeout(action, custom.Options),
            Attempts = action.Attempts,
            Instruction = instruction,
            ConfirmWith = action.ConfirmWith is { } words && custom.Options.Has(words) ? custom.Options.Text(words) : null,
        }));
    }

    /// <summary>An instance that none of our nodes can stop is cut off by the site's fence command, or by a person's word.</summary>
    private RecoveryStep FromOutside(RecoveryStep step)
    {
        var site = plan.FindSite(step.At)!;
        return site.Fence is not null
            ? step with
            {
                Id = $"cut-off {step.Instance}",
                Title = $"Cut {step.At} off with its fence command",
                At = move.To,
                Driver = "command",
                Action = contracts["command"].Actions.First(a => a.Role is ActionRole.Custom).Name,
            }
            : step with
            {
                Id = $"attest {step.Instance}",
                Kind = StepKind.Confirm,
                Title = $"Attest that {step.Instance} is dead",
                At = move.To,
                Driver = null,
                Action = null,
                Estimate = PersonEstimate,
                EstimateBasis = "default",
                Instruction = $"Make sure that {step.Instance} cannot accept writes (power off, network cut), then attest it in your own words.",
            };
    }

    private static string? Instruction(ActionContract action, OptionValues options) =>
        action.Instruction is { } option ? options.Text(option) : null;

    private static bool SafeToRepeat(ActionContract action, OptionValues options) =>
        action.SafeToRepeat || (action.SafeToRepeatWith is { } option && options.Has(option) && options.Flag(option));

    private static TimeSpan Timeout(ActionContract action, OptionValues options) =>
        action.TimeoutFrom is { } option && options.Has(option) ? options.Duration(option) : action.Timeout;

    private RecoveryStep Estimated(RecoveryStep step) => observed.Estimates.Find(step.Id) is { } history
        ? step with { Estimate = history.Median, EstimateBasis = history.Runs == 1 ? "1 run" : $"{history.Runs} runs" }
        : step;

    private RecoveryStep Keep(RecoveryStep step) => made[step.Id] = step;

    private string Fill(string text, Component component, Instance instance) => text
        .Replace("{component}", component.Title, StringComparison.Ordinal)
        .Replace("{site}", instance.Id.Site.Value, StringComparison.Ordinal)
        .Replace("{service}", service.Title, StringComparison.Ordinal)
        .Replace("{from}", move.From.Value, StringComparison.Ordinal)
        .Replace("{to}", move.To.Value, StringComparison.Ordinal)
        .Replace("{kind}", request.Kind.ToString(), StringComparison.Ordinal);

    private static Phase PhaseOf(ActionRole role) => role switch
    {
        ActionRole.Prepare => Phase.Prepare,
        ActionRole.Stop => Phase.Stop,
        ActionRole.Fence => Phase.Fence,
        ActionRole.Promote or ActionRole.Resume or ActionRole.Drill => Phase.Promote,
        ActionRole.Start => Phase.Start,
        ActionRole.Switch => Phase.Switch,
        ActionRole.Reprotect => Phase.Reprotect,
        ActionRole.CleanUp => Phase.CleanUp,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "custom actions are placed by the plan"),
    };
}
