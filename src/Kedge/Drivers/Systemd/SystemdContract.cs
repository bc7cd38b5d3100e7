using System.Text.RegularExpressions;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Systemd;

/// <summary>What the systemd driver offers, as data.</summary>
internal static partial class SystemdContract
{
    internal static DriverContract Contract { get; } = new()
    {
        Kind = "systemd",
        Summary = "A unit of systemd: a service that is dormant at the recovery site.",
        Options =
        [
            new() { Name = "unit", Type = OptionType.Text, Required = true, Help = "Name of the unit.", Example = "shop.service" },
            new() { Name = "scope", Type = OptionType.Choice, Choices = ["system", "user"], Default = "system", Help = "The manager that has the unit: the system's, or a user's." },
            new() { Name = "user", Type = OptionType.Text, Help = "With scope user: whose manager; without it, that of the user that Kedge runs as. Another one needs root." },
            new() { Name = "start-timeout", Type = OptionType.Duration, Default = "2m", Help = "How long one attempt to start may take until systemd calls the unit active." },
            new() { Name = "stop-timeout", Type = OptionType.Duration, Default = "2m", Help = "How long one attempt to stop may take; the unit's own TimeoutStopSec should be shorter. In a failover it is given one second." },
        ],
        Actions = DormantActions.Of(new(TimeSpan.FromMinutes(2), "start-timeout"), new(TimeSpan.FromMinutes(2), "stop-timeout")),
        Review = static component => component.Instances.SelectMany(i => Review(i.Id.Site, i.Options)),
    };

    private static IEnumerable<OptionFinding> Review(SiteName site, OptionValues options)
    {
        if (options.Text("unit") is var unit && !UnitName().IsMatch(unit))
        {
            yield return new(site, "unit", IsError: true, "no-unit-name", $"'{unit}' is not the name of a unit.",
                "Write it with its type, as in `shop.service`.");
        }

        if (options.Has("user") && options.Text("scope") != "user")
        {
            yield return new(site, "user", IsError: true, "user-without-scope", "`user` means nothing to the system's manager.",
                "Add `scope: user`, or take `user` out; the unit's file says as whom it runs.");
        }
    }

    // systemd.unit(5): at most 255 characters, a prefix of letters, digits and :-_.\@, and a type.
    [GeneratedRegex(@"^(?!-)[A-Za-z0-9:_.\\@-]{1,240}\.(service|socket|target|timer|mount|automount|path|scope|slice|swap|device)$")]
    private static partial Regex UnitName();
}
