using System.Globalization;
using System.Text;
using Kedge.Nodes;
using Kedge.Plan.Contracts;

namespace Kedge.CommandLine.Beginnings;

/// <summary>A first plan from a PostgreSQL primary and its standby that run already.</summary>
internal static class AdoptedPlan
{
    /// <returns>The plan, the SQL for the privileges that Kedge needs, and what to know.</returns>
    public static async Task<(string Text, string? Sql, IReadOnlyList<string> Remarks)> WriteAsync(
        Invocation call, string address, string user, string? password, AnswerOptions options, CancellationToken cancellation)
    {
        var (host, port) = Parse(address);
        SecretReference? secret = null;
        if (password is not null && !SecretReference.TryParse(password, out secret))
        {
            throw VerbException.Usage("--password wants a reference, never the password", "--password env:NAME, or --password file:PATH");
        }

        var found = await Adoption.PostgresAsync(host, port, user, secret, cancellation);
        var answers = options.Given(call);
        var remarks = new List<string> { $"primary {found.Primary.Where}, PostgreSQL {found.Primary.Version}" };
        remarks.AddRange(found.Standbys.Select(s => $"standby {s.Where}, PostgreSQL {s.Version}{(s.Synchronous ? ", synchronous" : "")}{(s.Slot is { } slot ? $", slot {slot}" : "")}"));
        remarks.AddRange(found.Changes.Select(c => $"Kedge would: {c}"));
        remarks.AddRange(found.Remarks);
        remarks.AddRange(found.Standbys.Skip(1).Select(s => $"{s.Where} is not in the plan: one standby for each recovery site"));
        var role = user == "postgres" ? "kedge" : user;
        return (Write(answers, found, role, password), Adoption.PostgresPrivilegesAsSql(role, "postgres"), remarks);
    }

    public static string Write(Answers answers, FoundCluster found, string role, string? password)
    {
        var text = new StringBuilder(AskedPlan.Head(answers));
        var standby = found.Standbys.Count > 0 ? found.Standbys[0] : null;
        text.Append("    components:\n      database:\n        driver: postgres\n        redundancy: 1\n        options:\n");
        text.Append($"          user: {AskedPlan.Quoted(role)}\n");
        text.Append(password is null ? "          # password: env:KEDGE_PG_PASSWORD   # a reference, never the password\n" : $"          password: {AskedPlan.Quoted(password)}\n");
        text.Append($"          replication-mode: {(standby is { Synchronous: true } ? "sync" : "async")}\n");
        text.Append("          start-guard: none   # `systemd` or `wrapper` once something asks `kedge may-start` before each start\n        at:\n");
        text.Append(Instance(answers.Primary, found.Primary, null));
        text.Append(standby is not null
            ? Instance(answers.Recovery, standby, standby.Slot)
            : $"          # No standby was found. Name where one shall be, and Kedge builds it:\n          # {answers.Recovery}: {{ host: HOST, port: 5432, data: {found.Primary.Data ?? "/var/lib/postgresql/15/main"} }}\n");
        return text.Append(AskedPlan.Checks(answers)).ToString();
    }

    private static string Instance(string site, FoundServer server, string? slot)
    {
        var text = new StringBuilder($"          {site}:\n            host: {AskedPlan.Quoted(server.Host)}\n");
        text.Append(server.Port is { } port ? $"            port: {port}\n" : "            # its port could not be found out: port: 5432\n");
        text.Append(server.Data is { } data
            ? $"            data: {AskedPlan.Quoted(data)}\n"
            : "            data: /var/lib/postgresql/15/main   # not seen: the role lacks pg_monitor, or the server could not be reached\n");
        if (server.ConfigFile is { } config && server.Data is { } folder && !config.StartsWith(folder + "/", StringComparison.Ordinal))
        {
            text.Append($"            config-file: {AskedPlan.Quoted(config)}\n");
        }

        if (slot is not null)
        {
            text.Append($"            slot: {AskedPlan.Quoted(slot)}\n");
        }

        return text.ToString();
    }

    private static (string Host, int Port) Parse(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon < 0 ? (address, 5432)
            : colon > 0 && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
                ? (address[..colon].Trim('[', ']'), port)
                : throw VerbException.Usage($"'{address}' is no address", "--adopt HOST:PORT");
    }
}
