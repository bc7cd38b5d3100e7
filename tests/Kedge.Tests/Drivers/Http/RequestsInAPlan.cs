using Kedge.Drivers.Http;
using Kedge.Plan.Contracts;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.Drivers.Http;

public class RequestsInAPlan
{
    [Fact]
    public void A_sound_one_draws_no_remark()
    {
        Assert.Empty(HttpReview.Of(Check(("url", "http://192.0.2.11:8080/ready"))));
        Assert.Empty(HttpReview.Of(Call(("url", "https://shop.example/hook"), ("headers", Headers("Authorization", "Bearer env:TOKEN")))));
    }

    [Fact]
    public void Each_mistake_is_named_with_its_remedy()
    {
        (string, object)[][] mistakes =
        [
            [("url", "192.0.2.11:8080")],
            [("url", "ftp://192.0.2.11/")],
            [("url", "http:///ready")],
            [("url", "http://kedge:hunter2@192.0.2.11/")],
            [("expect-status", "2xx")],
            [("expect-status", "299-200")],
            [("expect-status", "99")],
            [("expect-pattern", "(")],
            [("expect-pattern", "(?<=a)b")],
            [("method", "HEAD"), ("expect-body", "ok")],
            [("timeout", "0")],
            [("timeout", "11m")],
            [("headers", Headers("Bad Name", "x"))],
            [("headers", Headers("X-Line", "a\nHost: other"))],
            [("headers", Headers("Authorization", "Bearer hunter2"))],
            [("headers", Headers("X-Api-Key", "hunter2"))],
            [("headers", Headers("Authorization", "Bearer env:TOKEN")), ("follow-redirects", "true")],
        ];
        var shown = mistakes.Select(m =>
        {
            (string, object)[] whole = m.Any(o => o.Item1 == "url") ? m : [.. m, ("url", "http://192.0.2.11/")];
            var options = m.Any(o => o.Item1 == "timeout") ? Call(whole) : Check(whole);
            var written = string.Join(", ", m.Select(o => $"{o.Item1}: {options.Show(o.Item1).ReplaceLineEndings("\\n")}"));
            return $"{written}\n{string.Concat(HttpReview.Of(options).Select(f => $"  {f.Code}, {f.Option}: {f.What}\n    {f.Fix}\n"))}";
        });
        var text = string.Join("\n", shown);
        Assert.DoesNotContain("hunter2@192.0.2.11/ is", text, StringComparison.Ordinal);
        GoldenFile.Matches(text, "http-remarks.txt");
    }

    [Theory]
    [InlineData("env:TOKEN", "", "env:TOKEN")]
    [InlineData("Bearer env:TOKEN", "Bearer ", "env:TOKEN")]
    [InlineData("Basic file:/etc/kedge/shop", "Basic ", "file:/etc/kedge/shop")]
    [InlineData("text/plain", "text/plain", null)]
    [InlineData("", "", null)]
    public void A_headers_value_ends_with_its_secret(string written, string text, string? secret)
    {
        var value = HeaderValue.Parse(written);
        Assert.Equal((text, secret), (value.Text, value.Secret?.ToString()));
    }

    [Theory]
    [InlineData("200", 200, true)]
    [InlineData("200", 201, false)]
    [InlineData("200-299", 299, true)]
    [InlineData("200-299", 300, false)]
    [InlineData("200, 204,300-399", 204, true)]
    [InlineData("200, 204,300-399", 350, true)]
    [InlineData("200, 204,300-399", 203, false)]
    public void Expected_codes_are_codes_and_ranges(string text, int status, bool expected)
    {
        Assert.True(StatusRanges.TryParse(text, out var ranges));
        Assert.Equal(expected, ranges.Contains(status));
    }

    private static OptionValues Check(params (string, object)[] options) => PlanOptions.Of(HttpOptions.Check, options);

    private static OptionValues Call(params (string, object)[] options) => PlanOptions.Of(HttpOptions.Call, options);

    private static Dictionary<string, string> Headers(string name, string value) => new() { [name] = value };
}
