using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Process;

/// <summary>What a careful reader would remark on the options of a process.</summary>
internal static class ProcessReview
{
    /// <summary>The limit of a stop, less what SIGKILL needs.</summary>
    private static readonly TimeSpan LongestStop = ProcessContract.StopLimit - TimeSpan.FromSeconds(10);

    internal static IEnumerable<OptionFinding> Review(Component component) =>
        component.Instances.SelectMany(i => Review(i.Id.Site, i.Options)).Concat(SharedFiles(component));

    private static IEnumerable<OptionFinding> Review(SiteName site, OptionValues options)
    {
        foreach (var option in new[] { "folder", "log", "pid-file" })
        {
            if (options.TextOrNull(option) is { } path && !path.StartsWith('/'))
            {
                yield return Error(option, "path-not-absolute", $"'{path}' is not an absolute path.", "Begin it with a slash.");
            }
        }

        var url = options.TextOrNull("ready-url");
        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            yield return Error("ready-url", "not-an-http-address", $"'{url}' is not an HTTP address.", "Write `http://HOST:PORT/PATH`.");
        }

        if (url is not null && options.Has("ready-port"))
        {
            yield return Error("ready-port", "ready-twice", "Both `ready-url` and `ready-port` are given.", "Keep one of them.");
        }
        else if (url is null && !options.Has("ready-port"))
        {
            yield return new(site, null, IsError: false, "ready-unknown",
                $"Nothing tells when it is ready: it counts as started once it has run for {Durations.Show(options.Duration("ready-after"))}.",
                "Add `ready-url` or `ready-port`.");
        }

        if (options.Duration("stop-timeout") >= LongestStop)
        {
            yield return Error("stop-timeout", "stop-too-long",
                $"{Durations.Show(options.Duration("stop-timeout"))} is too long: no time is left to kill it.", $"Write less than {Durations.Show(LongestStop)}.");
        }

        foreach (var finding in SecretEnvironment.Review(site, options))
        {
            yield return finding;
        }

        OptionFinding Error(string option, string code, string what, string fix) => new(site, option, IsError: true, code, what, fix);
    }

    // On one machine (a test of a plan, say) two sites' instances must not take each other for themselves.
    private static IEnumerable<OptionFinding> SharedFiles(Component component) =>
        from instance in component.Instances
        let file = instance.Options.TextOrNull("pid-file")
        where file is not null
        group instance.Id.Site by file into sites
        where sites.Count() > 1
        select new OptionFinding(sites.ElementAt(1), "pid-file", IsError: true, "pid-file-shared",
            $"'{sites.Key}' is the `pid-file` at {string.Join(" and at ", sites)}.",
            "Give each instance its own, or leave the option out.");
}
