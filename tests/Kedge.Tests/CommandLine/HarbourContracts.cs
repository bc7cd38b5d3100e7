using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Tests.CommandLine;

/// <summary>Contracts that are worded as drivers word theirs, but belong to these tests: what people read is compared with files.</summary>
internal static class HarbourContracts
{
    private static readonly RunKind[] Planned = [RunKind.Switchover, RunKind.Failback];
    private static readonly RunKind[] Moves = [RunKind.Switchover, RunKind.Failback, RunKind.Failover];

    public static IReadOnlyList<DriverContract> All { get; } =
    [
        new()
        {
            Kind = "postgres",
            Summary = "A PostgreSQL primary and its streaming standby.",
            HoldsData = true,
            Options = [Option("host"), Option("data"), new() { Name = "password", Type = OptionType.Secret, Help = "Where its password is." }],
            Actions =
            [
                Action("prepare", ActionRole.Prepare, Planned, "Check that {component} at {site} follows closely", 1, "A standby that lags would make the stop long."),
                Action("stop", ActionRole.Stop, Planned, "Stop {component} at {site}", 0.3, "A fast stop ends with a checkpoint that the standby receives."),
                Action("take-over", ActionRole.Promote, Planned, "Promote {component} at {site}, nothing lost", 0.3, "Only after the old primary was seen stopped.") with { TakesEpoch = true },
                Action("fence", ActionRole.Fence, [RunKind.Failover], "Make sure that {component} at {site} cannot accept writes", 0.2, "Two copies that accept writes cannot be brought together again."),
                Action("promote", ActionRole.Promote, [RunKind.Failover], "Promote {component} at {site}", 0.2, "After the old primary was fenced.") with { TakesEpoch = true },
                Action("rejoin", ActionRole.Reprotect, [RunKind.Reprotect, .. Planned], "Make {component} at {site} the standby", 15, "Protection in the other direction."),
            ],
        },
        new()
        {
            Kind = "process",
            Summary = "A program that Kedge starts and stops.",
            Options = [new() { Name = "run", Type = OptionType.List, Help = "The program.", Required = true }],
            Actions =
            [
                Action("start", ActionRole.Start, Moves, "Start {component} at {site}", 2, "What it needs is there now."),
                Action("stop", ActionRole.Stop, Planned, "Stop {component} at {site}", 1, "Nothing may write while the data moves."),
            ],
        },
        new()
        {
            Kind = "dns",
            Summary = "An address record.",
            Shared = true,
            Options = [Option("address"), new() { Name = "ttl", Type = OptionType.Duration, Help = "How long clients remember it.", Default = "30s" }],
            Actions = [Action("point-here", ActionRole.Switch, Moves, "Point {component} to {site}", 0.1, "Only once the site can serve.") with { SettlesAfter = "ttl" }],
        },
        new()
        {
            Kind = "http",
            Summary = "A request over HTTP.",
            Options = [],
            Actions = [],
            Checks = [Option("url")],
        },
        new()
        {
            Kind = "manual",
            Summary = "Something that a person does and confirms.",
            Options = [],
            Actions = [Action("ask", ActionRole.Custom, [], "Ask", 300, "The plan asks for it.") with { Instruction = "instruction" }],
            Custom = [Option("instruction")],
        },
    ];

    private static OptionSpec Option(string name) => new() { Name = name, Type = OptionType.Text, Help = $"The {name}.", Required = true };

    private static ActionContract Action(string name, ActionRole role, IReadOnlyList<RunKind> kinds, string title, double seconds, string why) => new()
    {
        Name = name,
        Role = role,
        Kinds = kinds,
        Title = title,
        Why = why,
        SafeToRepeat = true,
        Estimate = TimeSpan.FromSeconds(seconds),
        Timeout = TimeSpan.FromSeconds(30),
    };
}
