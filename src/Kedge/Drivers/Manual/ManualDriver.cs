using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Manual;

/// <summary>
/// What only people can do: a step of the plan's own, or a component that people move. It has instructions and no
/// means; the compiler makes a confirmation of each of its actions (<see cref="ActionContract.Instruction"/>).
/// </summary>
public sealed class ManualDriver : IDriver
{
    private static readonly RunKind[] Moves = [RunKind.Switchover, RunKind.Failover, RunKind.Failback, RunKind.Rollback];

    public ManualDriver() =>
        Actions = Contract.Actions.ToDictionary(a => a.Name, a => (IDriverAction)new ManualAction(a));

    public DriverContract Contract { get; } = new()
    {
        Kind = "manual",
        Summary = "What only people can do: they are told what, and confirm that it is done.",
        Options = ManualOptions.Component,
        Custom = ManualOptions.Custom,
        Actions =
        [
            Action(
                "fence",
                ActionRole.Fence,
                [RunKind.Failover],
                "A person makes sure that {component} at {site} cannot go on",
                "Two of them at work would undo each other's work."),
            Action(
                "stop",
                ActionRole.Stop,
                [RunKind.Switchover, RunKind.Failback, RunKind.Rollback],
                "A person stops {component} at {site}",
                "It must be at rest before the other one takes over."),
            Action(
                "promote",
                ActionRole.Promote,
                Moves,
                "A person makes {component} at {site} the one that is written to",
                "The old one can no longer be written to, and what needs it waits."),
            Action("start", ActionRole.Start, Moves, "A person starts {component} at {site}", "All that it needs is there."),
            Action("switch", ActionRole.Switch, Moves, "A person sends customers of {component} to {site}", "The service works there."),
            new()
            {
                Name = "confirm",
                Role = ActionRole.Custom,
                Kinds = Enum.GetValues<RunKind>(),
                Title = "A person does it",
                Why = "The plan asks for it here.",
                SafeToRepeat = true,
                Estimate = TimeSpan.FromMinutes(5),
                Timeout = TimeSpan.FromHours(1),
                Instruction = ManualOptions.Instruction,
                ConfirmWith = ManualOptions.Confirm,
            },
        ],
        Review = Review,
    };

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        Task.FromResult(new InstanceObservation { State = InstanceState.Unknown, Summary = "only people can see how it is" });

    public string? GuardFolder(InstanceContext instance) => null;

    private static ActionContract Action(string name, ActionRole role, IReadOnlyList<RunKind> kinds, string title, string why) => new()
    {
        Name = name,
        Role = role,
        Kinds = kinds,
        Title = title,
        Why = why,
        SafeToRepeat = true,
        Estimate = TimeSpan.FromMinutes(5),
        Timeout = TimeSpan.FromHours(1),
        OnlyWith = name,
        Instruction = name,
    };

    private static IEnumerable<OptionFinding> Review(Component component)
    {
        foreach (var instance in component.Instances.Where(i => !ManualOptions.Component.Any(o => i.Options.Has(o.Name))))
        {
            yield return new(
                instance.Id.Site,
                null,
                IsError: true,
                "nothing",
                $"{component.Id} at {instance.Id.Site} has no instruction, so nobody would be asked to do anything",
                "say under options what a person does to fence, stop, promote, start or switch it");
        }
    }
}
