using System.Globalization;
using Kedge.Vault.Backends;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>What <c>-o NAME=VALUE</c> says of the storage. A name may bear the kind of storage before it, as restic's do (<c>s3.connections</c>).</summary>
internal static class StorageOptions
{
    public static BackendOptions Parse(IEnumerable<string> given)
    {
        var options = new BackendOptions();
        foreach (var one in given)
        {
            var equals = one.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? one : one[..equals];
            options = With(options, one, name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], equals < 0 ? "" : one[(equals + 1)..]);
        }

        return options;
    }

    private static BackendOptions With(BackendOptions options, string whole, string name, string value) => name switch
    {
        "connections" => options with { Connections = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Bad(whole, "connections=N") },
        "retry-for" => options with { RetryFor = TypedValues.DurationOf(value) ?? throw Bad(whole, "retry-for=15m") },
        "stall-limit" => options with { StallLimit = TypedValues.DurationOf(value) ?? throw Bad(whole, "stall-limit=2m") },
        "retention" => options with { Retention = Retention(value) ?? throw Bad(whole, "retention=governance:30 or retention=compliance:30, in days") },
        _ => throw VerbException.Usage($"-o {whole}: there is no such option", "there are connections, retry-for, stall-limit and retention"),
    };

    private static ObjectRetention? Retention(string value)
    {
        var parts = value.Split(':');
        return parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && Enum.TryParse<RetentionMode>(parts[0], ignoreCase: true, out var mode)
            ? new(days, mode) : null;
    }

    private static VerbException Bad(string whole, string right) => VerbException.Usage($"-o {whole} has no meaning", $"write it as in -o {right}");
}
