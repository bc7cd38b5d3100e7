using System.CommandLine;
using System.Text.RegularExpressions;
using Kedge.CommandLine.Rendering.Text;
using Kedge.Plan.Contracts;

namespace Kedge.CommandLine.Beginnings;

/// <summary>Every answer as an option; what no option says is asked, where somebody can be asked.</summary>
internal sealed partial class AnswerOptions
{
    private readonly Option<string?> name = Text("--name", "NAME", "Name of the plan: the company, the shop.");
    private readonly Option<string?> primary = Text("--primary", "SITE", "Name of the site that normally serves.");
    private readonly Option<string?> recovery = Text("--recovery", "SITE", "Name of the site that takes over.");
    private readonly Option<string?> service = Text("--service", "SERVICE", "Name of the first service: what a customer would miss.");
    private readonly Option<string?> rto = Text("--rto", "TIME", "Longest tolerable time to recover: 30m, 4h.");
    private readonly Option<string?> rpo = Text("--rpo", "TIME", "Longest tolerable loss of data, in time: 0s, 5m.");
    private readonly Option<string?> decides = Text("--decides", "PERSON", "Who may decide on a failover.");
    private readonly Option<string?> login = Text("--login", "LOGIN", "That person's login on the machines where commands are given.");
    private readonly Option<string?> primaryUrl = Text("--primary-url", "URL", "Where the service answers at the primary site, for a check.");
    private readonly Option<string?> recoveryUrl = Text("--recovery-url", "URL", "Where it would answer at the recovery site.");

    public IEnumerable<Option> All => [name, primary, recovery, service, rto, rpo, decides, login, primaryUrl, recoveryUrl];

    /// <summary>Asks for what is missing. Throws <see cref="VerbException"/> where nobody can be asked and something has no default.</summary>
    public Answers Ask(Invocation call, CancellationToken cancellation)
    {
        var title = Ask(call, name, "Name of the plan (company, shop)", "My company", Something, cancellation);
        var site = Ask(call, primary, "The site that normally serves", "east", Name, cancellation);
        return new()
        {
            Name = title,
            Primary = site,
            Recovery = Ask(call, recovery, "The site that takes over", "west", text => text == site ? "it must be another site" : Name(text), cancellation),
            Service = Ask(call, service, "The first service: what a customer would miss", "shop", Name, cancellation),
            Rto = Optional(Ask(call, rto, "RTO: longest tolerable time to recover", "1h", Duration, cancellation)),
            Rpo = Optional(Ask(call, rpo, "RPO: longest tolerable loss of data, in time", "5m", Duration, cancellation)),
            Decides = Ask(call, decides, "Who may decide on a failover", "Duty engineer", Something, cancellation),
            Login = Optional(Ask(call, login, "That person's login here", call.Host.Login, static _ => null, cancellation)),
            PrimaryUrl = Optional(Ask(call, primaryUrl, $"Where it answers at {site}, for a check (empty: none)", "", Url, cancellation)),
            RecoveryUrl = Optional(Ask(call, recoveryUrl, "Where it would answer at the other site (empty: none)", "", Url, cancellation)),
        };
    }

    /// <summary>Answers for a cluster that was found: nothing is asked.</summary>
    public Answers Given(Invocation call) => new()
    {
        Name = call.Get(name) ?? "My company",
        Primary = Checked(call.Get(primary) ?? "east", Name, primary),
        Recovery = Checked(call.Get(recovery) ?? "west", Name, recovery),
        Service = Checked(call.Get(service) ?? "shop", Name, service),
        Rto = Checked(call.Get(rto) ?? "1h", Duration, rto),
        Rpo = Checked(call.Get(rpo) ?? "5m", Duration, rpo),
        Decides = call.Get(decides) ?? "Duty engineer",
        Login = call.Get(login) ?? call.Host.Login,
        PrimaryUrl = call.Get(primaryUrl),
        RecoveryUrl = call.Get(recoveryUrl),
    };

    private static string Ask(Invocation call, Option<string?> option, string question, string suggestion, Func<string, string?> wrong, CancellationToken cancellation)
    {
        if (call.Get(option) is { } given)
        {
            return Checked(given, wrong, option);
        }

        if (!call.Terminal.CanAsk)
        {
            return suggestion;
        }

        while (true)
        {
            var typed = call.Terminal.Ask(Styled.Strong(question) + (suggestion.Length > 0 ? Styled.Quiet($" [{suggestion}]") : "") + ":", cancellation);
            var answer = typed.Length > 0 ? typed : suggestion;
            if (wrong(answer) is not { } complaint)
            {
                return answer;
            }

            call.Terminal.Say(Styled.Warning($"  {complaint}"));
        }
    }

    private static string Checked(string given, Func<string, string?> wrong, Option option) =>
        wrong(given) is { } complaint ? throw VerbException.Usage($"{option.Name} '{given}': {complaint}", "see kedge init --help") : given;

    private static string? Something(string text) => text.Length == 0 ? "say something" : null;

    private static string? Name(string text) => NamePattern().IsMatch(text) ? null : "lower-case letters, digits and hyphens, a letter first";

    private static string? Duration(string text) => text.Length == 0 || Durations.TryParse(text, out _) ? null : "a number with a unit: 250ms, 30s, 5m, 4h, 2d";

    private static string? Url(string text) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") ? null : "an address that begins with http:// or https://";

    private static string? Optional(string text) => text.Length == 0 ? null : text;

    private static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help };

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,62}\z")]
    private static partial Regex NamePattern();
}
