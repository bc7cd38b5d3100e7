using System.Text;

namespace Kedge.CommandLine.Beginnings;

/// <summary>A first plan from answers: valid as it stands, with people doing what no driver is named for yet.</summary>
internal static class AskedPlan
{
    public static string Write(Answers answers)
    {
        var text = new StringBuilder(Head(answers));
        text.Append($"""
                components:
                  # Replace `manual` by drivers one by one (postgres, process, systemd, dns …): kedge schema and docs/plan-reference.md list them.
                  system:
                    driver: manual
                    redundancy: 1
                    at:
                      {answers.Primary}:
                        start: Start {answers.Service} at {answers.Primary}.
                        stop: Stop {answers.Service} at {answers.Primary}, and make sure that it stays down.
                        switch: Send customers to {answers.Primary}.
                      {answers.Recovery}:
                        start: Start {answers.Service} at {answers.Recovery}.
                        stop: Stop {answers.Service} at {answers.Recovery}, and make sure that it stays down.
                        switch: Send customers to {answers.Recovery}.

            """.ReplaceLineEndings("\n"));
        return text.Append(Checks(answers)).ToString();
    }

    /// <summary>Everything up to the service's components.</summary>
    public static string Head(Answers answers)
    {
        var objectives = string.Join(", ", new[] { answers.Rto is { } rto ? $"rto: {rto}" : null, answers.Rpo is { } rpo ? $"rpo: {rpo}" : null }.OfType<string>());
        return $$"""
            # Written by kedge init. `kedge validate` checks it, `kedge plan failover --lost {{answers.Primary}}` shows what it leads to.
            # yaml-language-server: $schema=kedge.schema.json
            plan: {{Quoted(answers.Name)}}

            sites:
              {{answers.Primary}}: { recovered-by: [{{answers.Recovery}}] }
              {{answers.Recovery}}: { recovered-by: [{{answers.Primary}}] }

            people:
              - { name: {{Quoted(answers.Decides)}},{{(answers.Login is { } login ? $" login: {Quoted(login)}," : "")}} roles: [decides], contacts: {} }

            # Who may decide on a failover. Without a deadline it waits until somebody does.
            decision: { approvers: [decides] }

            services:
              {{answers.Service}}:
                primary: {{answers.Primary}}
                recovery: [{{answers.Recovery}}]
                objectives: { {{objectives}} }

            """.ReplaceLineEndings("\n");
    }

    public static string Checks(Answers answers)
    {
        var urls = new[] { (Site: answers.Primary, Url: answers.PrimaryUrl), (Site: answers.Recovery, Url: answers.RecoveryUrl) }.Where(u => u.Url is not null).ToList();
        if (urls.Count == 0)
        {
            return "    # A check tells Kedge whether the service serves; without one nobody notices that it is down.\n    # checks:\n    #   page: { driver: http, at: { "
                + $"{answers.Primary}: {{ url: \"http://…\" }}, {answers.Recovery}: {{ url: \"http://…\" }} }} }}\n";
        }

        return "    checks:\n      page:\n        driver: http\n        at:\n" + string.Concat(urls.Select(u => $"          {u.Site}: {{ url: {Quoted(u.Url!)} }}\n"));
    }

    /// <summary>As a double-quoted YAML scalar, which JSON's strings are.</summary>
    public static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text, TextJson.Default.String);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TextJson : System.Text.Json.Serialization.JsonSerializerContext;
