using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Command;

/// <summary>What a careful reader would remark on the plan's commands.</summary>
internal static class CommandReview
{
    private static readonly string[] Acts = ["promote", "start", "stop", "fence", "switch"];

    internal static IEnumerable<OptionFinding> Review(Component component)
    {
        foreach (var instance in component.Instances)
        {
            var (site, options) = (instance.Id.Site, instance.Options);
            if (!Acts.Any(options.Has))
            {
                yield return new(site, null, IsError: false, "does-nothing", "No command is given, so that nothing is done for it.",
                    $"Add one of {string.Join(", ", Acts.Select(a => $"`{a}`"))}.");
            }
            else if (!options.Has("verify"))
            {
                yield return new(site, "verify", IsError: false, "not-verified", "Nothing but exit codes tells whether its commands have worked.",
                    "Add `verify`: a command with exit code 0 where the component is active, 3 where it is not.");
            }

            foreach (var finding in Shared(site, options))
            {
                yield return finding;
            }
        }
    }

    internal static IEnumerable<OptionFinding> ReviewUse(OptionValues options) => Shared(null, options);

    private static IEnumerable<OptionFinding> Shared(SiteName? site, OptionValues options) =>
        options.TextOrNull("folder") is { } folder && !folder.StartsWith('/')
            ? SecretEnvironment.Review(site, options).Prepend(new(site, "folder", IsError: true, "path-not-absolute",
                $"'{folder}' is not an absolute path.", "Begin it with a slash."))
            : SecretEnvironment.Review(site, options);
}
