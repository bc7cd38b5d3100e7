using System.Text.RegularExpressions;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Http;

/// <summary>What a careful reader would remark on the options of a check or a call.</summary>
internal static partial class HttpReview
{
    public static IEnumerable<OptionFinding> Of(OptionValues options)
    {
        static OptionFinding Error(string option, string code, string what, string fix) => new(null, option, IsError: true, code, what, fix);

        if (options.TextOrNull(HttpOptions.Url) is { } url)
        {
            if (!HttpSettings.TryParseUrl(url, out var parsed))
            {
                yield return Error(HttpOptions.Url, "url", $"'{url}' is no http or https address", "write it whole: http://192.0.2.11:8080/ready");
            }
            else if (parsed!.UserInfo.Length > 0)
            {
                yield return Error(
                    HttpOptions.Url,
                    "url-secret",
                    "the address holds a user name or a password",
                    "take it out, and give an Authorization header that ends with a reference: \"Basic env:NAME\"");
            }
        }

        if (options.TextOrNull(HttpOptions.ExpectStatus) is { } status && !StatusRanges.TryParse(status, out _))
        {
            yield return Error(HttpOptions.ExpectStatus, "status", $"'{status}' are no status codes", "write codes from 100 to 599 and ranges of them: 200,204,300-399");
        }

        if (options.TextOrNull(HttpOptions.ExpectPattern) is { } pattern && Problem(pattern) is { } problem)
        {
            yield return Error(HttpOptions.ExpectPattern, "pattern", $"the pattern cannot be used: {problem}", "write a regular expression without look-around and back-references");
        }

        if (options.TextOrNull(HttpOptions.Method) is "HEAD" && (options.Has(HttpOptions.ExpectBody) || options.Has(HttpOptions.ExpectPattern)))
        {
            yield return Error(HttpOptions.Method, "head-body", "the answer to HEAD has no body to look into", "write GET");
        }

        if (options.Has(HttpOptions.Timeout) && options.Duration(HttpOptions.Timeout) is var timeout
            && (timeout <= TimeSpan.Zero || timeout > HttpOptions.LongestTimeout))
        {
            yield return Error(HttpOptions.Timeout, "timeout", $"a time-out of {Durations.Show(timeout)} cannot be had", "write more than 0s and at most 10m");
        }

        foreach (var finding in OfHeaders(options))
        {
            yield return finding;
        }
    }

    private static IEnumerable<OptionFinding> OfHeaders(OptionValues options)
    {
        var secret = false;
        foreach (var (name, text) in options.Map(HttpOptions.Headers).OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            var value = HeaderValue.Parse(text);
            secret |= value.Secret is not null;
            if (!HeaderName().IsMatch(name) || text.Any(c => c is < ' ' or > '~'))
            {
                yield return new(null, HttpOptions.Headers, IsError: true, "header", $"'{name}' is no header that can be sent", "use letters, digits and hyphens in the name, and plain characters on one line for the value");
            }
            else if (value.Secret is null && SecretName().IsMatch(name))
            {
                yield return new(
                    null,
                    HttpOptions.Headers,
                    IsError: true,
                    "header-secret",
                    $"the value of {name} stands in the plan, where everybody reads it",
                    $"put it elsewhere and write a reference as the value, or as its last word: env:NAME or file:PATH");
            }
        }

        if (secret && options.Has(HttpOptions.FollowRedirects) && options.Flag(HttpOptions.FollowRedirects))
        {
            yield return new(
                null,
                HttpOptions.FollowRedirects,
                IsError: true,
                "redirect-secret",
                "a secret in the headers would be sent to wherever a redirect leads",
                "leave follow-redirects out, and ask the last address itself");
        }
    }

    private static string? Problem(string pattern)
    {
        try
        {
            HttpSettings.ParsePattern(pattern);
            return null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return error.Message;
        }
    }

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+\\z")]
    private static partial Regex HeaderName();

    [GeneratedRegex("^(proxy-)?authorization\\z|^cookie\\z|(api|auth|access|secret)[-_]?(key|token)|-(token|secret|password)\\z", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
