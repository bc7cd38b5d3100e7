using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Http;

/// <summary>The options of a check or call, read. <see cref="Of"/> expects what <see cref="HttpReview"/> lets through.</summary>
internal sealed record HttpSettings
{
    // A check runs every second with the same options: reading them, a regular expression above all, is done once.
    private static readonly ConditionalWeakTable<OptionValues, HttpSettings> Known = [];

    public required Uri Url { get; init; }

    public required HttpMethod Method { get; init; }

    public required StatusRanges Expected { get; init; }

    /// <summary>In UTF-8; empty where none is expected.</summary>
    public required byte[] ExpectedBody { get; init; }

    public required Regex? ExpectedPattern { get; init; }

    public required IReadOnlyList<(string Name, HeaderValue Value)> Headers { get; init; }

    public required string? Body { get; init; }

    public required bool FollowRedirects { get; init; }

    public required bool KeepConnection { get; init; }

    /// <summary>Null for a check, whose time-out is the caller's.</summary>
    public required TimeSpan? Timeout { get; init; }

    /// <summary>Method and address without what may be confidential: the query.</summary>
    public string Title => $"{Method} {Url.GetLeftPart(UriPartial.Path)}";

    public static HttpSettings Of(OptionValues options) => Known.GetValue(options, Read);

    public static bool TryParseUrl(string text, out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https" && url.Host.Length > 0;

    /// <summary>Throws <see cref="ArgumentException"/> or <see cref="NotSupportedException"/> for a pattern that cannot be used.</summary>
    public static Regex ParsePattern(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static HttpSettings Read(OptionValues options) => new()
    {
        Url = new Uri(options.Text(HttpOptions.Url), UriKind.Absolute),
        Method = new HttpMethod(options.Text(HttpOptions.Method)),
        Expected = StatusRanges.TryParse(options.Text(HttpOptions.ExpectStatus), out var expected)
            ? expected
            : throw new FormatException($"{HttpOptions.ExpectStatus} cannot be read"),
        ExpectedBody = Encoding.UTF8.GetBytes(options.TextOrNull(HttpOptions.ExpectBody) ?? ""),
        ExpectedPattern = options.TextOrNull(HttpOptions.ExpectPattern) is { } pattern ? ParsePattern(pattern) : null,
        Headers = [.. options.Map(HttpOptions.Headers).OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => (h.Key, HeaderValue.Parse(h.Value)))],
        Body = options.TextOrNull(HttpOptions.Body),
        FollowRedirects = options.Flag(HttpOptions.FollowRedirects),
        KeepConnection = options.Has(HttpOptions.KeepConnection) && options.Flag(HttpOptions.KeepConnection),
        Timeout = options.Has(HttpOptions.Timeout) ? options.Duration(HttpOptions.Timeout) : null,
    };
}
