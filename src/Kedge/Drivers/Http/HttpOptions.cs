using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Http;

/// <summary>The keys that the driver takes in checks and custom steps.</summary>
internal static class HttpOptions
{
    public const string Url = "url";
    public const string Method = "method";
    public const string ExpectStatus = "expect-status";
    public const string ExpectBody = "expect-body";
    public const string ExpectPattern = "expect-pattern";
    public const string Headers = "headers";
    public const string Body = "body";
    public const string FollowRedirects = "follow-redirects";
    public const string KeepConnection = "keep-connection";
    public const string Timeout = "timeout";
    public const string SafeToRepeat = "safe-to-repeat";

    /// <summary>Longest time that one call of a custom step may take; the step's own limit leaves room for it.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    private static readonly IReadOnlyList<OptionSpec> Shared =
    [
        new()
        {
            Name = Url,
            Type = OptionType.Text,
            Required = true,
            Help = "What to ask, http or https. No user name or password in it: those go into headers.",
            Example = "http://192.0.2.11:8080/ready",
        },
        new()
        {
            Name = ExpectStatus,
            Type = OptionType.Text,
            Default = "200-299",
            Help = "Status codes that count as success: codes and ranges, with commas.",
            Example = "200,204,300-399",
        },
        new()
        {
            Name = ExpectBody,
            Type = OptionType.Text,
            Help = "Text that must occur in the first MiB of the answer.",
        },
        new()
        {
            Name = ExpectPattern,
            Type = OptionType.Text,
            Help = "Regular expression that must match somewhere in the first MiB of the answer; no look-around, no back-references.",
            Example = "\"queue\":\\s*[0-9]\\b",
        },
        new()
        {
            Name = Headers,
            Type = OptionType.Map,
            Help = "Request headers. A secret is given by reference, as the value or as its last word.",
            Example = "{ Authorization: \"Bearer env:SHOP_TOKEN\" }",
        },
        new() { Name = Body, Type = OptionType.Text, Help = "Body of the request, sent as UTF-8." },
        new()
        {
            Name = FollowRedirects,
            Type = OptionType.Flag,
            Default = "false",
            Help = "Follow redirects, and judge the last answer. Not together with secrets in headers, which would follow too.",
        },
    ];

    public static IReadOnlyList<OptionSpec> Check { get; } =
    [
        .. Shared,
        MethodOf("GET", "Method of the request. A check runs all the time: it should change nothing."),
        new()
        {
            Name = KeepConnection,
            Type = OptionType.Flag,
            Default = "false",
            Help = "Keep one connection open between checks. Such a check does not notice that new customers are not let in.",
        },
    ];

    public static IReadOnlyList<OptionSpec> Call { get; } =
    [
        .. Shared,
        MethodOf("POST", "Method of the request."),
        new()
        {
            Name = Timeout,
            Type = OptionType.Duration,
            Default = "30s",
            Help = "How long to wait for the whole answer, at most 10m. After that the call may have had its effect or not.",
        },
        new()
        {
            Name = SafeToRepeat,
            Type = OptionType.Flag,
            Default = "false",
            Help = "True where the call may be made again although an earlier one may have had its effect. GET and HEAD, which ask for no effect, are made again after a failure in any case.",
        },
    ];

    private static OptionSpec MethodOf(string usual, string help) => new()
    {
        Name = Method,
        Type = OptionType.Choice,
        Choices = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        Default = usual,
        Help = help,
    };
}
