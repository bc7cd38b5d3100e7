using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Command;

/// <summary>What the command driver offers, as data.</summary>
internal static class CommandContract
{
    private static readonly RunKind[] Moves = [RunKind.Switchover, RunKind.Failover, RunKind.Failback];

    internal static DriverContract Contract { get; } = new()
    {
        Kind = "command",
        Summary = "Commands of your own: to move a component that no other driver knows, as a step, or as a check.",
        Options =
        [
            Vector("promote", "Command that makes the component active here."),
            Vector("start", "Command that starts it here; run again at the old side in a rollback."),
            Vector("stop", "Command that stops it at the side that the service leaves, in a planned move."),
            Vector("fence", "Command that makes sure, in a failover, that the old side is out of action; the run waits for it."),
            Vector("switch", "Command that sends traffic here."),
            Vector("verify", "Command that tells whether the component is active here: exit code 0, it is; 3, it is not; anything else, not known (as LSB's status has it). Without it, exit codes are all there is to go by."),
            .. Shared,
            new() { Name = "timeout", Type = OptionType.Duration, Default = "1m", Help = "How long one command may take, verification included." },
            new() { Name = "safe-to-repeat", Type = OptionType.Flag, Default = "false", Help = "True where every command may be run again although an earlier one may have had its effect." },
        ],
        Actions =
        [
            Action("promote", ActionRole.Promote, "promote", [.. Moves, RunKind.Rollback], "Promote {component} at {site}", "From here on it is active at this side."),
            Action("start", ActionRole.Start, "start", Moves, "Start {component} at {site}", "It is dormant here until the service moves; what it needs is ready by now."),
            Action("stop", ActionRole.Stop, "stop", [RunKind.Switchover, RunKind.Failback, RunKind.Rollback], "Stop {component} at {site}", "It must not go on working at the side that the service leaves."),
            Action("fence", ActionRole.Fence, "fence", [RunKind.Failover], "Fence {component} at {site}", "The old side must be out of action before the new one acts."),
            Action("switch", ActionRole.Switch, "switch", [.. Moves, RunKind.Rollback], "Send traffic for {component} to {site}", "Everything that it leads to is ready by now."),
            Action("resume", ActionRole.Resume, "start", [RunKind.Rollback], "Start {component} at {site} again", "The service goes back to the side that it left."),
            Action("make-dormant", ActionRole.Reprotect, "stop", [RunKind.Reprotect], "Make sure that {component} at {site} is stopped", "Whatever outlived the failover there must not go on working beside the new side."),
            Action("run", ActionRole.Custom, null, Enum.GetValues<RunKind>(), "Run a command", "The plan asks for it here."),
        ],
        Checks =
        [
            Vector("run", "Command that checks the service; its exit code is the result.", required: true),
            .. Shared,
            ExpectExit,
        ],
        Custom =
        [
            Vector("run", "Command to run.", required: true),
            Vector("verify", "Command that tells whether the step's effect is there: exit code 0, it is. Without it, the exit code of run is all there is to go by."),
            .. Shared,
            ExpectExit,
            new() { Name = "timeout", Type = OptionType.Duration, Default = "1m", Help = "How long it may take, verification included." },
            new() { Name = "safe-to-repeat", Type = OptionType.Flag, Default = "false", Help = "True where it may be run again although an earlier attempt may have had its effect." },
        ],
        Review = CommandReview.Review,
        ReviewUse = CommandReview.ReviewUse,
    };

    private static IReadOnlyList<OptionSpec> Shared =>
    [
        new() { Name = "user", Type = OptionType.Text, Help = "User that commands run as; without it, the one that Kedge runs as. Another one needs root." },
        new() { Name = "folder", Type = OptionType.Text, Default = "/", Help = "Folder that commands run in, an absolute path." },
        .. SecretEnvironment.Options,
    ];

    private static OptionSpec ExpectExit => new()
    {
        Name = "expect-exit",
        Type = OptionType.Integer,
        Default = "0",
        Min = 0,
        Max = 255,
        Help = "Exit code that means success.",
    };

    private static OptionSpec Vector(string name, string help, bool required = false) => new()
    {
        Name = name,
        Type = OptionType.List,
        Required = required,
        Help = help + " Program and arguments, as a list; no shell reads them.",
        Example = $"[/usr/local/sbin/shop, {name}]",
    };

    private static ActionContract Action(string name, ActionRole role, string? onlyWith, IReadOnlyList<RunKind> kinds, string title, string why) => new()
    {
        Name = name,
        Role = role,
        OnlyWith = onlyWith,
        Kinds = kinds,
        Title = title,
        Why = why,
        SafeToRepeat = false,
        SafeToRepeatWith = "safe-to-repeat",
        Estimate = TimeSpan.FromSeconds(2),
        Timeout = TimeSpan.FromMinutes(1),
        TimeoutFrom = "timeout",
    };
}
