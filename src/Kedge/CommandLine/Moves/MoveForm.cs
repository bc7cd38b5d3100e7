using System.CommandLine;
using Kedge.CommandLine.Help;
using Kedge.CommandLine.Terminals;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;
using Kedge.Recover.Compile;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>What a kind of run asks of whoever types it, and the request that it makes of the answers.</summary>
internal abstract class MoveForm
{
    /// <summary>The verb: <c>failover</c>.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence for the overview.</summary>
    public abstract string Summary { get; }

    /// <summary>Paragraphs for whoever reads on.</summary>
    public abstract IReadOnlyList<string> More { get; }

    /// <summary>Arguments that are typed in examples, each with what it is for.</summary>
    public abstract IReadOnlyList<(string Arguments, string Why)> Examples { get; }

    /// <summary>Adds its arguments and options to a verb.</summary>
    public abstract void AddTo(Command command);

    /// <summary>Throws <see cref="VerbException"/> where it names what the plan does not have, or has nothing to do.</summary>
    public abstract MoveRequest Read(Invocation call, KedgePlan plan, Register register, RunBook runs);

    /// <summary>All kinds, in the order in which people meet them.</summary>
    public static IReadOnlyList<MoveForm> All(CommandHost host) =>
        [new FailoverForm(host), new SwitchoverForm(host), new FailbackForm(host), new ReprotectForm(host), new RestoreForm(host)];

    protected static Argument<string[]> ServicesArgument(CommandHost host, bool required)
    {
        var argument = new Argument<string[]>("SERVICE")
        {
            Description = "Services (lines of business) of the plan.",
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
        };
        argument.CompletionSources.Add(_ => new Suggestions(host).Services());
        return argument;
    }

    protected static Option<string?> SiteOption(CommandHost host, string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "SITE" };
        option.CompletionSources.Add(_ => new Suggestions(host).Sites());
        return option;
    }

    protected static SiteName Site(KedgePlan plan, string name) => plan.FindSite(new(name))?.Name
        ?? throw VerbException.Usage($"the plan has no site '{name}'", $"its sites are {string.Join(", ", plan.Sites.Select(s => s.Name))}");

    protected static SiteName? SiteOrNull(KedgePlan plan, string? name) => name is null ? null : Site(plan, name);

    protected static List<ServiceName> Services(KedgePlan plan, IEnumerable<string>? names) =>
    [
        .. (names ?? []).Distinct().Select(n => plan.FindService(new(n))?.Name
            ?? throw VerbException.Usage($"the plan has no service '{n}'", $"its services are {string.Join(", ", plan.Services.Select(s => s.Name))}")),
    ];

    protected static MoveRequest Request(RunKind kind, Scenario scenario, MoveChoice choice, string nothing) =>
        choice.Moves.Count > 0 ? new(new(kind, scenario, choice.Moves), choice.Stranded)
        : choice.Stranded.Count > 0 ? throw new VerbException(
            ExitCodes.Refused,
            $"the plan names no other site for {string.Join(", ", choice.Stranded)}",
            "name one with --to SITE that the plan lists under recovery:, or add it to the plan")
        : throw new VerbException(ExitCodes.NothingToDo, nothing, null);
}

/// <summary>What to compile, and what cannot be part of it.</summary>
/// <param name="Stranded">Services for which there is no site to go to.</param>
internal sealed record MoveRequest(CompileRequest Compile, IReadOnlyList<ServiceName> Stranded)
{
    public IEnumerable<ServiceName> Services => Compile.Moves.Select(m => m.Service);

    public Move? MoveOf(ServiceName service) => Compile.Moves.FirstOrDefault(m => m.Service == service);
}
