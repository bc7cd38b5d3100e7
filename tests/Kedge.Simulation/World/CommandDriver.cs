using Kedge.Drivers;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;

namespace Kedge.Simulation.World;

/// <summary>A command, as a step of the plan's own or to cut a site off. What it does leaves nothing behind to look at.</summary>
internal sealed class CommandDriver(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : IDriver
{
    public const string Kind = "command";

    private static readonly DriverContract Offered = new()
    {
        Kind = Kind,
        Summary = "A simulated command.",
        Options = [],
        Custom = [],
        Actions =
        [
            new()
            {
                Name = "run", Role = ActionRole.Custom, Kinds = [], Title = "run", Why = "The plan asks for it.",
                SafeToRepeat = false, SafeToRepeatWith = "safe-to-repeat",
                Estimate = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(10),
            },
        ],
    };

    public DriverContract Contract => Offered;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; } =
        new Dictionary<string, IDriverAction> { ["run"] = new RunCommand(world, acts, process) };

    public Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation) =>
        Task.FromResult(new InstanceObservation { State = InstanceState.Unknown, Summary = "a command is not looked at" });

    public string? GuardFolder(InstanceContext instance) => null;

    private sealed class RunCommand(SimulatedWorld world, ActLaw acts, SimulatedProcess process) : SimulatedAction(world, acts, process, "run")
    {
        protected override Judgement Look(StepContext step) => Judgement.NotYet("a command leaves nothing behind to look at");

        protected override Judgement LookAfterwards(StepContext step) => Judgement.Done("it ended with 0");

        protected override async Task<string> DoAsync(StepContext step, CancellationToken cancellation)
        {
            var run = step.Options.List("run");
            await StageAsync(10, 200, () =>
            {
                if (run[0] == "cut-power")
                {
                    World.PowerOff(new SiteName(run[1]));
                }
            }, cancellation);
            return "exit code 0";
        }
    }
}
