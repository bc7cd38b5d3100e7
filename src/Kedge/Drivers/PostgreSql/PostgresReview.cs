using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.PostgreSql;

/// <summary>What a careful reader would remark on a component's options.</summary>
internal static class PostgresReview
{
    public static IEnumerable<OptionFinding> Of(Component component)
    {
        foreach (var instance in component.Instances)
        {
            foreach (var finding in OfInstance(instance.Id.Site, instance.Options))
            {
                yield return finding;
            }
        }

        foreach (var finding in Clashes(component, "slot", static o => o.TextOrNull("slot")))
        {
            yield return finding;
        }

        foreach (var finding in Clashes(component, "data", static o => $"{o.Text("host")} {o.Text("data").TrimEnd('/')}"))
        {
            yield return finding;
        }

        foreach (var finding in Clashes(component, "port", static o => $"{o.Text("host")}:{o.Integer("port")}"))
        {
            yield return finding;
        }

        foreach (var option in (string[])["replication-mode", "database", "user", "replication-user"])
        {
            var values = component.Instances.Select(i => i.Options.Has(option) ? i.Options.Show(option) : "").Distinct().Count();
            if (values > 1)
            {
                yield return new(null, option, true, "differs-between-sites",
                    $"'{option}' differs between the sites, but a standby is a copy of its primary",
                    $"write '{option}' once, in the component's options");
            }
        }
    }

    private static IEnumerable<OptionFinding> OfInstance(SiteName site, OptionValues options)
    {
        if (!options.Text("data").StartsWith('/'))
        {
            yield return new(site, "data", true, "relative-path",
                $"'{options.Text("data")}' is not an absolute path", "write the whole path of the data folder");
        }

        if (options.Text("manage") == "systemd" && !options.Has("unit"))
        {
            yield return new(site, "unit", true, "unit-missing",
                "systemd is to manage the server, but no unit is named", "add 'unit: postgresql@15-main.service'");
        }

        if (options.Text("manage") != "systemd" && options.Has("unit"))
        {
            yield return new(site, "unit", true, "unit-unused",
                "a unit is named, but systemd does not manage the server", "add 'manage: systemd', or take the unit away");
        }

        if (options.Text("manage") == "systemd" && options.Has("start-options"))
        {
            yield return new(site, "start-options", true, "start-options-unused",
                "systemd starts the server, so these arguments would never reach it", "write them into the unit or its configuration");
        }

        if (options.TextOrNull("slot") is { } slot && (slot.Length > 63 || slot.Any(c => c is not ('_' or >= 'a' and <= 'z' or >= '0' and <= '9'))))
        {
            yield return new(site, "slot", true, "bad-slot-name",
                $"'{slot}' is no name for a replication slot", "use up to 63 lower-case letters, digits and underscores");
        }

        if (options.Text("start-guard") == "none")
        {
            yield return new(site, "start-guard", false, "boot-start",
                "something else may start this server at boot, with an older epoch and without asking",
                "let its unit or a wrapper ask 'kedge may-start' first, and write 'start-guard: systemd' or 'start-guard: wrapper'");
        }

        if (options.Duration("connect-timeout") <= TimeSpan.Zero)
        {
            yield return new(site, "connect-timeout", true, "no-time",
                "no connection can be made in no time", "write 'connect-timeout: 2s'");
        }
    }

    private static IEnumerable<OptionFinding> Clashes(Component component, string option, Func<OptionValues, string?> value) =>
        component.Instances
            .GroupBy(i => value(i.Options))
            .Where(g => g.Key is not null && g.Count() > 1)
            .Select(g => new OptionFinding(g.Last().Id.Site, option, true, "shared-between-sites",
                $"sites {string.Join(" and ", g.Select(i => i.Id.Site))} would have the same {option}",
                $"give each site its own {option}"));
}
