using System.Text.RegularExpressions;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers.Secrets;

/// <summary>
/// The options <c>environment</c> and <c>secrets</c> of drivers that run programs: variables as the plan gives them, and
/// variables whose values are secrets.
/// </summary>
internal sealed partial class SecretEnvironment(OptionValues options, ISecretReader reader)
{
    /// <summary>For the contracts of those drivers.</summary>
    internal static IReadOnlyList<OptionSpec> Options { get; } =
    [
        new() { Name = "environment", Type = OptionType.Map, Help = "Variables added to a small, clean environment (PATH, LANG, HOME).", Example = "{ PORT: \"8080\" }" },
        new() { Name = "secrets", Type = OptionType.Map, Help = "Variables whose values are secrets: env:NAME or file:PATH each, read when the program is started.", Example = "{ DB_PASSWORD: file:/etc/kedge/shop-db }" },
    ];

    /// <summary>Everything, with the secrets read. Throws <see cref="DriverException"/> where one cannot be.</summary>
    internal Dictionary<string, string> Resolve()
    {
        var environment = new Dictionary<string, string>(options.Map("environment"));
        foreach (var (name, reference) in References())
        {
            environment[name] = reader.Read(reference);
        }

        return environment;
    }

    /// <summary>The text without the secrets.</summary>
    internal string Redact(string text) => Redaction.Of(text, References().Select(r => reader.Read(r.Reference)));

    internal IEnumerable<PreflightFinding> Preflight() => References().Select(Preflight);

    /// <summary>What a careful reader would remark on.</summary>
    internal static IEnumerable<OptionFinding> Review(SiteName? site, OptionValues options)
    {
        foreach (var (name, value) in options.Map("secrets"))
        {
            if (!SecretReference.TryParse(value, out _))
            {
                yield return new(site, "secrets", IsError: true, "secret-in-plan", $"`{name}` holds no reference to a secret.",
                    $"Write `{name}: env:NAME` or `{name}: file:PATH`.");
            }
        }

        foreach (var name in options.Map("environment").Keys.Where(n => LooksSecret().IsMatch(n)))
        {
            yield return new(site, "environment", IsError: false, "secret-in-environment",
                $"`{name}` looks like a secret, and the plan is no place for one.",
                $"Move it to `secrets`, as `{name}: env:NAME` or `{name}: file:PATH`.");
        }
    }

    private IEnumerable<(string Name, SecretReference Reference)> References()
    {
        foreach (var (name, text) in options.Map("secrets"))
        {
            yield return SecretReference.TryParse(text, out var reference)
                ? (name, reference!)
                : throw new DriverException($"'secrets: {name}' holds no reference", "write env:NAME or file:PATH");
        }
    }

    private PreflightFinding Preflight((string Name, SecretReference Reference) secret)
    {
        try
        {
            reader.Read(secret.Reference);
            return new(true, $"secret {secret.Reference} can be read", null);
        }
        catch (DriverException e)
        {
            return new(false, e.Message, e.Hint);
        }
    }

    [GeneratedRegex("PASSW|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY|API_?KEY", RegexOptions.IgnoreCase)]
    private static partial Regex LooksSecret();
}
