namespace Kedge.Plan;

/// <summary>Commented plans to begin with, for <c>kedge init --template NAME</c>.</summary>
public static class PlanTemplates
{
    /// <summary>The simplest first.</summary>
    public static IReadOnlyList<PlanTemplate> All { get; } =
    [
        Load("minimal", "One service, one program, two sites: the smallest plan that is useful."),
        Load("two-site-postgres", "A web service on PostgreSQL with a streaming standby at a second site, found through DNS."),
        Load("three-region", "The same service in three regions of two sites each, every region recovering its own."),
        Load("manual", "A service that only people can move: instructions and confirmations instead of drivers."),
    ];

    public static PlanTemplate? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    private static PlanTemplate Load(string name, string summary)
    {
        using var stream = typeof(PlanTemplates).Assembly.GetManifestResourceStream($"Kedge.Plan.Templates.{name}.yaml")
            ?? throw new InvalidOperationException($"the template '{name}' was not built in");
        using var reader = new StreamReader(stream);
        return new(name, summary, reader.ReadToEnd());
    }
}

/// <summary>A plan to begin with.</summary>
/// <param name="Summary">One line, for whoever chooses.</param>
/// <param name="Text">YAML with comments; valid as it stands.</param>
public sealed record PlanTemplate(string Name, string Summary, string Text);
