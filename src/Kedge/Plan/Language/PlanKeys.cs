namespace Kedge.Plan.Language;

/// <summary>Keys at the top of the plan.</summary>
internal static class PlanKeys
{
    public static readonly PlanKey Name = new("plan", new TextShape(), "Name of the plan.")
    {
        Required = true,
        Example = "Harbour Books",
    };

    public static readonly PlanKey MarkerEvery = new(
        "marker-every", new DurationShape(TimeSpan.FromMilliseconds(100)),
        "How often a marker row is written to each data store. What a recovered copy lacks is told to this precision.")
    {
        Default = "1s",
    };

    public static readonly PlanKey Sites = new(
        "sites", new NamedShape("site", SiteKeys.Shape, Min: 1), "The places where instances run, by name.")
    {
        Required = true,
    };

    public static readonly PlanKey People = new(
        "people", new ListShape(PersonKeys.Shape, Min: 0), "Everybody with a part in recovery.");

    public static readonly PlanKey Decision = new(
        "decision", DecisionKeys.Shape, "Who may decide on a failover. Holds for every service that has no rule of its own.");

    public static readonly PlanKey Services = new(
        "services", new NamedShape("service", ServiceKeys.Shape, Min: 1), "The lines of business, by name.")
    {
        Required = true,
    };

    public static readonly PlanKey Risks = new("risks", new ListShape(RiskKeys.Shape, Min: 0), "The threats that the business has weighed.");

    public static readonly PlanKey Accept = new(
        "accept", new ListShape(AcceptKeys.Shape, Min: 0),
        "Warnings of `kedge validate` that are meant, each with its reason. An acceptance that matches nothing is a warning itself.");

    public static readonly MappingShape Shape = new(
        "plan", "a plan", "The whole plan: one file, or a folder of `*.yaml` files whose sites, services, people, risks and acceptances are put together.",
        [Name, MarkerEvery, Sites, People, Decision, Services, Risks, Accept]);
}

/// <summary>Keys of a site.</summary>
internal static class SiteKeys
{
    public static readonly PlanKey Title = new("title", new TextShape(), "The site's name for people.") { DefaultInWords = "the name" };

    public static readonly PlanKey Witness = new(
        "witness", new FlagShape(), "Whether it only votes: a witness runs no service.")
    {
        Default = "false",
    };

    public static readonly PlanKey RecoveredBy = new(
        "recovered-by", new ListShape(new NameShape("site"), Min: 0),
        "Sites that take over from this one, the preferred first. Services whose primary site this is recover there unless they say otherwise.")
    {
        Example = "[west]",
    };

    public static readonly PlanKey Fence = new(
        "fence", new ListShape(new TextShape(), Min: 1, EmptyItems: true),
        "A command (program and arguments, no shell) that cuts this site off from outside, run where Kedge still lives. Without it, fencing a site that does not answer takes a person.")
    {
        Example = "[/usr/local/sbin/cut-power, east]",
    };

    public static readonly MappingShape Shape = new(
        "site", "a site", "A place where instances run: a data centre, a region, a zone.", [Title, Witness, RecoveredBy, Fence]);
}

/// <summary>Keys of a person.</summary>
internal static class PersonKeys
{
    public static readonly PlanKey Name = new("name", new TextShape(), "Name of the person, or of the post that one person at a time fills.")
    {
        Required = true,
    };

    public static readonly PlanKey Login = new(
        "login", new TextShape(), "Name on the machines where commands are given: decisions are recorded and counted under it.");

    public static readonly PlanKey Roles = new(
        "roles", new ListShape(new TextShape(), Min: 0), "What the person is there for. Decision rules name roles or people.")
    {
        Example = "[decides]",
    };

    public static readonly PlanKey Contacts = new(
        "contacts", new TextsShape(EmptyTexts: false), "Addresses by channel: email, phone and so on.")
    {
        Example = "{ email: ops@example.org }",
    };

    public static readonly MappingShape Shape = new("person", "a person", "Somebody with a part in recovery.", [Name, Login, Roles, Contacts]);
}

/// <summary>Keys of a decision rule.</summary>
internal static class DecisionKeys
{
    public static readonly PlanKey Approvers = new(
        "approvers", new ListShape(new TextShape(), Min: 1), "Who may approve: names of people, or roles.")
    {
        Required = true,
        Example = "[decides]",
    };

    public static readonly PlanKey Needed = new("needed", new IntegerShape(1, 100), "How many of them must approve.") { Default = "1" };

    public static readonly PlanKey Deadline = new(
        "deadline", new DurationShape(TimeSpan.FromSeconds(1)), "How long a decision may take before `after-deadline` follows.")
    {
        DefaultInWords = "it waits for ever",
    };

    public static readonly PlanKey AfterDeadline = new(
        "after-deadline", new ChoiceShape(PlanWords.AfterDeadlines.Words),
        "What follows a deadline that passed without a decision: the incident is escalated, or the failover starts without a person. The latter is allowed only where fencing is automatic.")
    {
        Default = "escalate",
    };

    public static readonly MappingShape Shape = new(
        "decision", "a decision", "Who may decide on a failover, how many it takes, and what follows when nobody answers.",
        [Approvers, Needed, Deadline, AfterDeadline]);
}

/// <summary>Keys of a risk.</summary>
internal static class RiskKeys
{
    private static readonly string[] Levels = ["low", "medium", "high"];

    public static readonly PlanKey Threat = new("threat", new TextShape(), "What may happen.") { Required = true };

    public static readonly PlanKey Likelihood = new("likelihood", new ChoiceShape(Levels), "How likely it is.") { Required = true };

    public static readonly PlanKey Impact = new("impact", new ChoiceShape(Levels), "How bad it would be.") { Required = true };

    public static readonly PlanKey Treatment = new("treatment", new TextShape(), "What is done about it.") { Required = true };

    public static readonly MappingShape Shape = new(
        "risk", "a risk", "A threat that the business has weighed.", [Threat, Likelihood, Impact, Treatment]);
}

/// <summary>Keys of an accepted warning.</summary>
internal static class AcceptKeys
{
    public static readonly PlanKey Warning = new("warning", new TextShape(), "The warning's code.") { Required = true, Example = "KP040" };

    public static readonly PlanKey At = new(
        "at", new TextShape(), "The key that the warning is about, as it prints it, or one that holds it: `services.orders` accepts it for all of that service.")
    {
        Required = true,
        Example = "services.orders.components.web",
    };

    public static readonly PlanKey Because = new("because", new TextShape(), "Why it is meant.") { Required = true };

    public static readonly MappingShape Shape = new("acceptance", "an acceptance", "A warning of `kedge validate` that is meant.", [Warning, At, Because]);
}
