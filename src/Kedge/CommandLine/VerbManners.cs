using System.CommandLine;
using System.Text.Json.Nodes;

namespace Kedge.CommandLine;

/// <summary>How some verbs end: their exit codes, and how a failure looks to a program.</summary>
/// <param name="Codes">All exit codes, and what they mean.</param>
/// <param name="Failure">Of an exit code, what is wrong, and what to do about it: the last message with <c>--json</c>.</param>
/// <param name="InLines">Whether their JSON is a message a line.</param>
internal sealed record VerbManners(IReadOnlyList<(int Code, string Meaning)> Codes, Func<int, string, string?, JsonObject> Failure, bool InLines)
{
    public static VerbManners General { get; } = new(
        ExitCodes.All,
        (code, what, fix) => new() { ["error"] = new JsonObject { ["exitCode"] = code, ["what"] = what, ["fix"] = fix } },
        InLines: false);

    /// <summary>A verb's own, or those of the verb that it belongs to.</summary>
    public static VerbManners Of(Command command)
    {
        for (var at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            if (at is Verb { Manners: { } own })
            {
                return own;
            }
        }

        return General;
    }

    public string Meaning(int code) => Codes.First(c => c.Code == code).Meaning;
}
