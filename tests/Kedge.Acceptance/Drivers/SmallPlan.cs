using System.Text.Json;
using Kedge.Drivers;
using Kedge.Plan;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers;

/// <summary>
/// A plan of one component, <c>shop/thing</c>, at east and west, read and validated as any plan is: so that a driver
/// under test gets its options as it would get them from a user.
/// </summary>
internal static class SmallPlan
{
    private static readonly SiteName East = new("east");
    private static readonly SiteName West = new("west");

    /// <summary>The instance at east; fails the test where the plan has an error.</summary>
    /// <param name="east">Option names and values: texts, numbers, flags, arrays, dictionaries.</param>
    public static InstanceContext Instance(DriverContract contract, object east, object? west = null)
    {
        var plan = Valid(Read(contract, east, west ?? east));
        var component = plan.Services[0].Components[0];
        return new(component, component.At(East)!);
    }

    /// <summary>The options of a custom step (failover, before switch).</summary>
    public static OptionValues Custom(DriverContract contract, object options) =>
        Valid(Read(contract, component: null, step: options)).Services[0].Steps[0].Options;

    /// <summary>The options of a check, made against east.</summary>
    public static OptionValues Check(DriverContract contract, object options) =>
        Valid(Read(contract, component: null, check: options)).Services[0].Checks[0].At[East];

    /// <summary>What reading says of a component with these options, line by line: severity, code, key, what, fix.</summary>
    public static string Problems(DriverContract contract, object east, object? west = null) =>
        Show(Read(contract, east, west ?? east), contract);

    /// <summary>The same of a custom step.</summary>
    public static string CustomProblems(DriverContract contract, object options) =>
        Show(Read(contract, component: null, step: options), contract);

    /// <summary>A step on an instance (or a custom step, without one) in a move from east to west.</summary>
    public static StepContext Step(InstanceContext? instance, OptionValues options, RunKind kind = RunKind.Failover) => new()
    {
        Instance = instance,
        Options = options,
        Kind = kind,
        Run = "run-1",
        From = East,
        To = West,
        Epoch = null,
        LossAccepted = false,
        Rpo = null,
        LastKnown = null,
        Outage = null,
    };

    private static string Show(PlanReading reading, DriverContract contract) => string.Concat(reading.Problems
        .Where(p => p.Code.StartsWith(contract.Kind + '.', StringComparison.Ordinal) || p.IsError)
        .Select(p => $"{(p.IsError ? "error" : "warning")} {p.Code} {p.Path}\n  {p.What}\n  {p.Fix}\n"));

    private static KedgePlan Valid(PlanReading reading)
    {
        Assert.True(reading.Plan is not null, string.Join("\n", reading.Problems.Where(p => p.IsError)));
        return reading.Plan;
    }

    private static PlanReading Read(
        DriverContract contract, object? component, object? west = null, object? step = null, object? check = null)
    {
        // JSON is YAML.
        var kind = contract.Kind;
        var service = new Dictionary<string, object>
        {
            ["primary"] = "east",
            ["components"] = new Dictionary<string, object>
            {
                ["thing"] = component is not null
                    ? new { driver = kind, at = new { east = component, west } }
                    : new { driver = "nothing", at = new { east = new { }, west = new { } } },
            },
        };
        if (step is not null)
        {
            service["steps"] = new[] { new { name = "extra", before = "switch", on = new[] { "failover" }, driver = kind, options = step } };
        }

        if (check is not null)
        {
            service["checks"] = new { probe = new { driver = kind, options = check, at = new { east = new { }, west = new { } } } };
        }

        var plan = new Dictionary<string, object>
        {
            ["plan"] = "Small",
            ["sites"] = new Dictionary<string, object>
            {
                ["east"] = new Dictionary<string, object> { ["recovered-by"] = new[] { "west" } },
                ["west"] = new { },
            },
            ["services"] = new { shop = service },
        };
        return new PlanReader([contract, Nothing]).Read([new("kedge.yaml", JsonSerializer.Serialize(plan))]);
    }

    /// <summary>Of a component that a service needs to have, where the driver under test only takes part in steps or checks.</summary>
    private static DriverContract Nothing { get; } = new()
    {
        Kind = "nothing",
        Summary = "Does nothing.",
        Options = [],
        Actions =
        [
            new()
            {
                Name = "start",
                Role = ActionRole.Start,
                Kinds = [RunKind.Failover],
                Title = "Do nothing",
                Why = "A plan needs a step.",
                SafeToRepeat = true,
                Estimate = TimeSpan.Zero,
                Timeout = TimeSpan.FromSeconds(1),
            },
        ],
    };
}
