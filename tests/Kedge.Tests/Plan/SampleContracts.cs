using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Tests.Plan;

/// <summary>Contracts that have one of everything, so that the rules of the plan can be tried without any driver.</summary>
internal static class SampleContracts
{
    private static readonly RunKind[] Moves = [RunKind.Switchover, RunKind.Failover, RunKind.Failback];

    public static IReadOnlyList<DriverContract> All { get; } =
        [Command(), Dns(), Http(), Manual(), Postgres(), Process(), Systemd()];

    private static DriverContract Postgres() => new()
    {
        Kind = "postgres",
        Summary = "A PostgreSQL primary with a streaming standby.",
        HoldsData = true,
        Options =
        [
            Option("host", OptionType.Text, required: true),
            Option("port", OptionType.Integer, "5432") with { Min = 1, Max = 65535 },
            Option("database", OptionType.Text, "postgres"),
            Option("user", OptionType.Text, required: true),
            Option("password", OptionType.Secret),
            Option("data", OptionType.Text, required: true),
            Option("bin", OptionType.Text),
            Option("manage", OptionType.Choice, "pg_ctl") with { Choices = ["pg_ctl", "systemd"] },
            Option("unit", OptionType.Text),
            Option("os-user", OptionType.Text, "postgres"),
            Option("replication-mode", OptionType.Choice, "async") with { Choices = ["async", "sync"] },
            Option("slot", OptionType.Text),
            Option("max-slot-wal-keep-size", OptionType.ByteSize, "10GB") with { Min = 64 << 20 },
            Option("start-guard", OptionType.Choice, "none") with { Choices = ["systemd", "wrapper", "none"] },
        ],
        Actions = [Action("promote", ActionRole.Promote) with { TakesEpoch = true }, Action("fence", ActionRole.Fence), Action("stop", ActionRole.Stop)],
        SmallestLoss = options => options.Text("replication-mode") == "sync" ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
        Review = component => component.Instances
            .Where(i => i.Options.Text("start-guard") == "none")
            .Select(i => new OptionFinding(
                i.Id.Site, "start-guard", IsError: false, "boot-start", $"Something other than Kedge may start the data store at {i.Id.Site}.",
                "Set `start-guard` to systemd or wrapper."))
            .Concat(component.Instances.Where(i => i.Options.Text("manage") == "systemd" && !i.Options.Has("unit")).Select(i => new OptionFinding(
                i.Id.Site, "manage", IsError: true, "unit-missing", "Managed through systemd, it needs the name of its unit.", "Add `unit:`."))),
    };

    private static DriverContract Process() => new()
    {
        Kind = "process",
        Summary = "A program that Kedge starts and stops.",
        Options =
        [
            Option("run", OptionType.List, required: true),
            Option("stop-signal", OptionType.Choice, "TERM") with { Choices = ["TERM", "INT", "QUIT"] },
            Option("user", OptionType.Text),
            Option("folder", OptionType.Text),
            Option("environment", OptionType.Map),
            Option("ready-url", OptionType.Text),
            Option("ready-port", OptionType.Integer) with { Min = 1, Max = 65535 },
            Option("log", OptionType.Text),
        ],
        Actions = [Action("start", ActionRole.Start), Action("stop", ActionRole.Stop)],
    };

    private static DriverContract Systemd() => new()
    {
        Kind = "systemd",
        Summary = "A systemd unit.",
        Options = [Option("unit", OptionType.Text, required: true)],
        Actions = [Action("start", ActionRole.Start), Action("stop", ActionRole.Stop)],
    };

    private static DriverContract Dns() => new()
    {
        Kind = "dns",
        Summary = "An address record that follows the active site.",
        Shared = true,
        Options =
        [
            Option("zone", OptionType.Text, required: true),
            Option("name", OptionType.Text, required: true),
            Option("ttl", OptionType.Duration, "60s"),
            Option("servers", OptionType.List, required: true),
            Option("key-name", OptionType.Text),
            Option("key", OptionType.Secret),
            Option("key-algorithm", OptionType.Choice, "hmac-sha256") with { Choices = ["hmac-sha256", "hmac-sha512"] },
            Option("address", OptionType.Text, required: true),
        ],
        Actions = [Action("point-here", ActionRole.Switch) with { SettlesAfter = "ttl" }],
    };

    private static DriverContract Http() => new()
    {
        Kind = "http",
        Summary = "A request over HTTP.",
        Options = [],
        Actions = [Action("call", ActionRole.Custom)],
        Checks =
        [
            Option("url", OptionType.Text, required: true),
            Option("method", OptionType.Choice, "GET") with { Choices = ["GET", "HEAD", "POST"] },
            Option("expect-status", OptionType.Integer, "200") with { Min = 100, Max = 599 },
            Option("expect-body", OptionType.Text),
        ],
        ReviewUse = options => options.Text("url").StartsWith("http", StringComparison.Ordinal)
            ? []
            : [new(null, "url", IsError: true, "http-url", $"'{options.Text("url")}' is no address", "write it whole: http://192.0.2.11/")],
        Custom = [Option("url", OptionType.Text, required: true), Option("method", OptionType.Choice, "POST") with { Choices = ["GET", "POST", "PUT"] }],
    };

    private static DriverContract Command() => new()
    {
        Kind = "command",
        Summary = "A program with its arguments.",
        Options = [],
        Actions = [Action("run", ActionRole.Custom) with { SafeToRepeat = false }],
        Custom =
        [
            Option("run", OptionType.List, required: true),
            Option("safe-to-repeat", OptionType.Flag, "false"),
            Option("timeout", OptionType.Duration, "1m"),
        ],
    };

    private static DriverContract Manual() => new()
    {
        Kind = "manual",
        Summary = "Something that a person does and confirms.",
        Options = [],
        Actions = [Action("ask", ActionRole.Custom)],
        Custom = [Option("instruction", OptionType.Text, required: true)],
    };

    private static OptionSpec Option(string name, OptionType type, string? preset = null, bool required = false) =>
        new() { Name = name, Type = type, Help = $"The {name.Replace('-', ' ')}.", Default = preset, Required = required };

    private static ActionContract Action(string name, ActionRole role) => new()
    {
        Name = name,
        Role = role,
        Kinds = Moves,
        Title = name,
        Why = name,
        SafeToRepeat = true,
        Estimate = TimeSpan.FromSeconds(1),
        Timeout = TimeSpan.FromSeconds(30),
    };
}
