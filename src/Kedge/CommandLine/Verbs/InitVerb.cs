using System.CommandLine;
using System.Text.Json.Nodes;
using Kedge.CommandLine.Beginnings;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Plan;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge init</c>: a first plan, by asking, from a template, or from what runs already.</summary>
internal static class InitVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var template = new Option<string?>("--template")
        {
            Description = $"Begin with a commented plan: {string.Join(", ", PlanTemplates.All.Select(t => t.Name))}.",
            HelpName = "NAME",
        };
        var templates = new Option<bool>("--templates") { Description = "List the templates and end." };
        var adopt = new Option<string?>("--adopt") { Description = "Begin with a PostgreSQL primary and its standby that run already. They are looked at, and not changed.", HelpName = "HOST:PORT" };
        var user = new Option<string>("--user") { Description = "With --adopt: the role to look as, and that the plan names. Default: kedge.", HelpName = "ROLE", DefaultValueFactory = _ => "kedge" };
        var password = new Option<string?>("--password") { Description = "With --adopt: where its password is, env:NAME or file:PATH; never the password.", HelpName = "REFERENCE" };
        var answers = new AnswerOptions();
        var verb = new Verb("init", "Write a first plan: by asking, from a template, or from a PostgreSQL that runs already.")
        {
            Group = "The plan",
            More =
            [
                "Writes kedge.yaml here (or what --plan names), never over a file that exists. On a terminal it asks for what no option says; in a script every answer is an option.",
            ],
            Examples =
            [
                new("kedge init", "Ask, and write kedge.yaml."),
                new("kedge init --template two-site-postgres", "A commented plan to edit."),
                new("kedge init --adopt 10.1.0.5:5432 --user postgres --password env:PGPASSWORD", "Describe the primary and the standby that follows it, and print the SQL for the least privileges that Kedge needs."),
                new("kedge init --name \"Corner shop\" --primary east --recovery west --service shop --rto 1h --rpo 5m --decides \"Duty engineer\"", "Without a question."),
            ],
            Exits = [ExitCodes.Interrupted],
        };
        foreach (var option in new Option[] { template, templates, adopt, user, password }.Concat(answers.All))
        {
            verb.Options.Add(option);
        }

        return verb.Does(host, globals, async (call, cancellation) =>
        {
            if (call.Get(templates))
            {
                return ListTemplates(call);
            }

            var path = Target(call);
            var (text, sql, remarks) = call.Get(adopt) is { } address
                ? await AdoptedPlan.WriteAsync(call, address, call.Get(user)!, call.Get(password), answers, cancellation)
                : (call.Get(template) is { } name ? FromTemplate(name) : AskedPlan.Write(answers.Ask(call, cancellation)), null, []);
            return Write(call, path, text, sql, remarks);
        });
    }

    private static int Write(Invocation call, string path, string text, string? sql, IReadOnlyList<string> remarks)
    {
        var reading = new PlanReader(ControlPlane.Contracts).Read([new(Path.GetFileName(path), text)]);
        try
        {
            using var file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
            file.Write(text);
        }
        catch (IOException)
        {
            throw new VerbException(ExitCodes.Failed, $"{path} cannot be written", "name a file that does not exist yet, in a folder that does: --plan PATH");
        }

        call.Terminal.Say(Styled.Good("✓ ") + $"{path} written");
        foreach (var remark in remarks)
        {
            call.Terminal.Say(Styled.Quiet("  ") + remark);
        }

        var open = reading.Problems.Count;
        call.Terminal.Say(open == 0 ? Styled.Quiet("  next: kedge validate, kedge graph topology, kedge plan failover") : Styled.Quiet($"  next: kedge validate ({Figures.Count(open, "remark")} on it), then edit it"));
        if (sql is not null && !call.Terminal.Json)
        {
            call.Terminal.Write(sql);
        }

        call.Terminal.Result(new JsonObject
        {
            ["file"] = path,
            ["problems"] = open,
            ["remarks"] = new JsonArray([.. remarks.Select(r => (JsonNode)r)]),
            ["sql"] = sql,
        });
        return ExitCodes.Fine;
    }

    private static string FromTemplate(string name) => PlanTemplates.Find(name)?.Text
        ?? throw VerbException.Usage($"there is no template '{name}'", $"one of {string.Join(", ", PlanTemplates.All.Select(t => t.Name))}");

    private static int ListTemplates(Invocation call)
    {
        var table = new Table([new("Template"), new("", Flexible: true)]);
        foreach (var template in PlanTemplates.All)
        {
            table.Add([Styled.Accent(template.Name), template.Summary]);
        }

        call.Terminal.Show(new Page(call.Terminal.Width).Table(table));
        call.Terminal.Result(new JsonArray([.. PlanTemplates.All.Select(t => new JsonObject { ["name"] = t.Name, ["summary"] = t.Summary })]));
        return ExitCodes.Fine;
    }

    /// <summary>Never an existing file, and not the one of a folder above.</summary>
    private static string Target(Invocation call)
    {
        var path = call.GivenPlan is { } given ? Path.GetFullPath(given, call.Host.Folder) : Path.Combine(call.Host.Folder, "kedge.yaml");
        return File.Exists(path) || Directory.Exists(path)
            ? throw new VerbException(ExitCodes.Failed, $"{path} exists already", "edit it, or name another file: --plan PATH")
            : path;
    }
}
