using System.CommandLine.Parsing;
using System.Globalization;
using Kedge.Plan.Contracts;

namespace Kedge.CommandLine.Vaults;

/// <summary>Values of options as people type them; what is none is told by the parser.</summary>
internal static class TypedValues
{
    /// <summary>As in <c>30s</c>, <c>5m</c>, <c>1h30m</c>.</summary>
    public static TimeSpan Duration(ArgumentResult typed)
    {
        var text = typed.Tokens[0].Value;
        if (DurationOf(text) is { } duration)
        {
            return duration;
        }

        typed.AddError($"'{text}' is no time: write it as in 30s, 5m, 1h30m");
        return TimeSpan.Zero;
    }

    public static TimeSpan? DurationOf(string text) => Durations.TryParse(text, out var duration) ? duration : null;

    /// <summary>Bytes, as restic has them: a number, with K, M, G or T for powers of 1024.</summary>
    public static long? Size(ArgumentResult typed)
    {
        var text = typed.Tokens[0].Value;
        if (Kedge.Vault.ByteCount.TryParse(text, out var size))
        {
            return size;
        }

        typed.AddError($"'{text}' is no size: write it as in 500k, 20M, 1G");
        return null;
    }

    /// <summary>A moment, as restic has it: <c>2026-11-01 22:08:41</c> on this machine's clock, or with an offset as in RFC 3339.</summary>
    public static DateTimeOffset? Moment(string text, TimeZoneInfo zone)
    {
        string[] local = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];
        if (DateTime.TryParseExact(text, local, CultureInfo.InvariantCulture, DateTimeStyles.None, out var here))
        {
            return new(here, zone.GetUtcOffset(here));
        }

        string[] exact = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd HH:mm:sszzz"];
        var plain = text.EndsWith('Z') ? text[..^1] + "+00:00" : text;
        return DateTimeOffset.TryParseExact(plain, exact, CultureInfo.InvariantCulture, DateTimeStyles.None, out var there) ? there : null;
    }
}
