using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.PostgreSql;

/// <summary>What the driver offers, as data.</summary>
internal static class PostgresContract
{
    public const string Kind = "postgres";

    private static readonly RunKind[] Planned = [RunKind.Switchover, RunKind.Failback];

    public static DriverContract Contract { get; } = new()
    {
        Kind = Kind,
        Summary = "A PostgreSQL primary and its streaming standby, one instance at each site.",
        HoldsData = true,
        Options = Options(),
        Actions = Actions(),
        SmallestLoss = static options =>
            options.Text("replication-mode") == "sync" ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
        Review = PostgresReview.Of,
    };

    private static OptionSpec[] Options() =>
    [
        new() { Name = "host", Type = OptionType.Text, Required = true, Help = "Address or name at which the server listens, or the folder of its Unix socket.", Example = "10.1.0.5" },
        new() { Name = "port", Type = OptionType.Integer, Default = "5432", Min = 1, Max = 65535, Help = "Port at which it listens." },
        new() { Name = "database", Type = OptionType.Text, Default = "postgres", Help = "Database that holds Kedge's own schema, named kedge." },
        new() { Name = "user", Type = OptionType.Text, Default = "kedge", Help = "Role that Kedge connects as; kedge init prints the privileges that it needs." },
        new() { Name = "password", Type = OptionType.Secret, Help = "Password of that role; absent where the server asks for none.", Example = "env:KEDGE_PG_PASSWORD" },
        new() { Name = "data", Type = OptionType.Text, Required = true, Help = "Data folder on the instance's machine, as an absolute path.", Example = "/var/lib/postgresql/15/main" },
        new() { Name = "bin", Type = OptionType.Text, Help = "Folder of PostgreSQL's programs; by default the one of the data folder's version below /usr/lib/postgresql, else PATH." },
        new() { Name = "manage", Type = OptionType.Choice, Default = "pg_ctl", Choices = ["pg_ctl", "systemd"], Help = "Who starts and stops the server: Kedge itself, as pg_ctl would, or systemd." },
        new() { Name = "unit", Type = OptionType.Text, Help = "The systemd unit, where systemd manages the server.", Example = "postgresql@15-main.service" },
        new() { Name = "os-user", Type = OptionType.Text, Help = "User of the operating system that the server runs as; by default the owner of the data folder." },
        new() { Name = "replication-mode", Type = OptionType.Choice, Default = "async", Choices = ["async", "sync"], Help = "With sync a commit is acknowledged once the standby has it too." },
        new() { Name = "replication-user", Type = OptionType.Text, Help = "Role that the standby connects as; by default the value of user." },
        new() { Name = "replication-password", Type = OptionType.Secret, Help = "Password of that role; by default the one of user, where both are the same role." },
        new() { Name = "slot", Type = OptionType.Text, Help = "Replication slot, and application name, of this instance when it is the standby; by default kedge_ and the site." },
        new() { Name = "max-slot-wal-keep-size", Type = OptionType.ByteSize, Default = "1GB", Min = 64L << 20, Help = "How much WAL a slot may hold back on the primary for a standby that is gone." },
        new() { Name = "config-file", Type = OptionType.Text, Help = "postgresql.conf, where it is not in the data folder.", Example = "/etc/postgresql/15/main/postgresql.conf" },
        new() { Name = "start-options", Type = OptionType.List, Help = "Arguments of postgres for what differs between the sites and therefore must not stand in the data folder, which a rebuild copies.", Example = "[-c, port=5433]" },
        new() { Name = "start-guard", Type = OptionType.Choice, Default = "none", Choices = ["systemd", "wrapper", "none"], Help = "What asks kedge may-start before the server starts: a drop-in of its systemd unit, a wrapper around its program, or nothing." },
        new() { Name = "connect-timeout", Type = OptionType.Duration, Default = "2s", Help = "Longest time that one attempt to connect may take." },
    ];

    private static ActionContract[] Actions() =>
    [
        new()
        {
            Name = "prepare", Role = ActionRole.Prepare, Kinds = Planned,
            Title = "Check that {component} at {site} follows closely, and write a checkpoint at its source",
            Why = "While everything still serves: a recent checkpoint makes the stop short, and a standby that lags would make it long.",
            SafeToRepeat = true, Estimate = Seconds(1), Timeout = TimeSpan.FromMinutes(10),
        },
        new()
        {
            Name = "stop", Role = ActionRole.Stop, Kinds = Planned,
            Title = "Stop {component} at {site}",
            Why = "A fast stop ends with a shutdown checkpoint, and the standby receives it: nothing that was acknowledged can be missing then.",
            SafeToRepeat = true, Estimate = TimeSpan.FromMilliseconds(300), Timeout = TimeSpan.FromMinutes(2),
        },
        new()
        {
            Name = "take-over", Role = ActionRole.Promote, Kinds = Planned,
            Title = "Promote {component} at {site}, nothing lost",
            Why = "Only after the old primary was seen stopped and its shutdown checkpoint was replayed here.",
            SafeToRepeat = true, TakesEpoch = true, Estimate = TimeSpan.FromMilliseconds(300), Timeout = TimeSpan.FromMinutes(1),
        },
        new()
        {
            Name = "fence", Role = ActionRole.Fence, Kinds = [RunKind.Failover, RunKind.Rollback],
            Title = "Make sure that {component} at {site} cannot accept writes",
            Why = "Before anything is promoted: two copies that accept writes cannot be brought together again.",
            SafeToRepeat = true, Estimate = TimeSpan.FromMilliseconds(200), Timeout = Seconds(30),
        },
        new()
        {
            Name = "promote", Role = ActionRole.Promote, Kinds = [RunKind.Failover],
            Title = "Promote {component} at {site}",
            Why = "After the old primary was fenced, and only where the loss is known and within the objective, or was accepted by name.",
            SafeToRepeat = true, TakesEpoch = true, Estimate = TimeSpan.FromMilliseconds(200), Timeout = TimeSpan.FromMinutes(1),
        },
        new()
        {
            Name = "rejoin", Role = ActionRole.Reprotect, Kinds = [RunKind.Reprotect, .. Planned],
            Title = "Make {component} at {site} the standby",
            Why = "Protection in the other direction; what only the old copy holds is kept aside first.",
            SafeToRepeat = true, Estimate = Seconds(15), Timeout = TimeSpan.FromHours(6),
        },
        new()
        {
            Name = "resume", Role = ActionRole.Resume, Kinds = [RunKind.Rollback],
            Title = "Start {component} at {site} as the primary again",
            Why = "After the copy that had taken over was fenced; nobody but Kedge had written to that.",
            SafeToRepeat = true, TakesEpoch = true, Estimate = Seconds(3), Timeout = TimeSpan.FromMinutes(30),
        },
    ];

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
