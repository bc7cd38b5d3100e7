using System.CommandLine;

namespace Kedge.CommandLine;

/// <summary>Options that every verb takes.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Plan { get; } = new("--plan")
    {
        Description = "The plan: a file, or a folder of *.yaml files. Default: kedge.yaml or kedge.d, here or in a folder above (or KEDGE_PLAN).",
        HelpName = "PATH",
        Recursive = true,
    };

    public Option<string?> State { get; } = new("--state")
    {
        Description = "Folder of Kedge's state. Default: .kedge beside the plan (or KEDGE_STATE).",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<string?> As { get; } = new("--as")
    {
        Description = "In whose name: a person's name or login of the plan. Default: who is logged in.",
        HelpName = "WHO",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "The result as JSON on standard output; remarks and errors go to standard error.",
        Recursive = true,
    };

    public Option<bool> NoColor { get; } = new("--no-color")
    {
        Description = "No colour (also: NO_COLOR).",
        Recursive = true,
    };

    public IEnumerable<Option> All => [Plan, State, As, Json, NoColor];
}
