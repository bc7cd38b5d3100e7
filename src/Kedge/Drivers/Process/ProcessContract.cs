using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Process;

/// <summary>What the process driver offers, as data.</summary>
internal static class ProcessContract
{
    /// <summary>Limit of an attempt to stop; a polite stop must leave time for SIGKILL.</summary>
    internal static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(2);

    internal static DriverContract Contract { get; } = new()
    {
        Kind = "process",
        Summary = "A program that Kedge starts, stops and watches: a service that is dormant at the recovery site.",
        Options =
        [
            new() { Name = "run", Type = OptionType.List, Required = true, Help = "Program and arguments, as a list; no shell reads them, and no secret belongs there.", Example = "[/usr/bin/java, -jar, /srv/shop/shop.jar]" },
            new() { Name = "user", Type = OptionType.Text, Help = "User that it runs as; without it, the one that Kedge runs as. Another one needs root." },
            new() { Name = "folder", Type = OptionType.Text, Default = "/", Help = "Folder that it runs in, an absolute path." },
            .. SecretEnvironment.Options,
            new() { Name = "log", Type = OptionType.Text, Help = "File that its output is appended to, an absolute path; without it, one in Kedge's state folder." },
            new() { Name = "pid-file", Type = OptionType.Text, Help = "File in which Kedge notes the process, an absolute path; without it, one in Kedge's state folder." },
            new() { Name = "ready-url", Type = OptionType.Text, Help = "It counts as started once an HTTP GET of this address is answered with a 2xx status.", Example = "http://127.0.0.1:8080/ready" },
            new() { Name = "ready-port", Type = OptionType.Integer, Min = 1, Max = 65535, Help = "It counts as started once it accepts connections on this TCP port (instead of ready-url)." },
            new() { Name = "ready-host", Type = OptionType.Text, Default = "127.0.0.1", Help = "Host of ready-port." },
            new() { Name = "ready-after", Type = OptionType.Duration, Default = "1s", Help = "Without ready-url and ready-port: it counts as started once it has run for so long." },
            new() { Name = "start-timeout", Type = OptionType.Duration, Default = "1m", Help = "How long one attempt to start may take until it is ready." },
            new() { Name = "stop-signal", Type = OptionType.Choice, Choices = [.. StopSignals.Names], Default = "TERM", Help = "Signal that asks it to stop." },
            new() { Name = "stop-timeout", Type = OptionType.Duration, Default = "10s", Help = "How long it may take to stop before it is killed; below 110s. In a failover it is given one second." },
        ],
        Actions = DormantActions.Of(new(TimeSpan.FromMinutes(1), "start-timeout"), new(StopLimit)),
        Review = ProcessReview.Review,
    };
}
