using System.CommandLine;
using System.Text.Json.Nodes;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Plan.Model;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge may-start</c>: asked by whatever starts a data store, before it does.</summary>
internal static class MayStartVerb
{
    public const string Name = "may-start";

    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var component = new Option<string?>("--component") { Description = "The data store, with --site.", HelpName = "SERVICE/COMPONENT" };
        var site = new Option<string?>("--site") { Description = "Where it would start.", HelpName = "SITE" };
        var data = new Option<string?>("--data") { Description = "The data folder that would be started; says which instance it is, too.", HelpName = "DIR" };
        var verb = new Verb(Name, "May this data store be started now? Exit code 0: yes. For systemd drop-ins and start wrappers.")
        {
            Group = "Carry",
            More =
            [
                "Yes, where it starts as a standby, or its data is of the newest epoch and its site is the active one. Whatever cannot be found out, an unreachable state say, is a no: a data store that stays down can be started by hand, two that accept writes cannot be brought together.",
            ],
            Examples =
            [
                new("kedge may-start --data /var/lib/postgresql/15/main", "In a systemd drop-in: ExecStartPre=+/usr/bin/kedge may-start … (kedge node --unit prints one)."),
                new("kedge may-start --component orders/database --site east", "By name, where the data folder is elsewhere."),
            ],
            Exits = [ExitCodes.Refused],
        };
        verb.Options.Add(component);
        verb.Options.Add(site);
        verb.Options.Add(data);
        return verb.Does(host, globals, (call, cancellation) =>
        {
            var verdict = Ask(call, call.Get(component), call.Get(site), call.Get(data), cancellation);
            call.Terminal.Say(verdict.May ? Styled.Good("may start: ") + verdict.Because : Styled.Bad("must not start: ") + verdict.Because);
            call.Terminal.Result(new JsonObject { ["mayStart"] = verdict.May, ["because"] = verdict.Because });
            return Task.FromResult(verdict.May ? ExitCodes.Fine : ExitCodes.Refused);
        });
    }

    private static StartVerdict Ask(Invocation call, string? component, string? site, string? data, CancellationToken cancellation)
    {
        var named = component is not null || site is not null;
        if (named ? component is null || site is null : data is null)
        {
            throw VerbException.Usage("say which data store is to start", "kedge may-start --data DIR, or kedge may-start --component SERVICE/COMPONENT --site SITE");
        }

        var instance = named ? Parse($"{component}@{site}") : (InstanceId?)null;
        var folder = data is null ? null : Path.GetFullPath(data, call.Host.Folder);
        var permission = new StartPermission(call.Location.State, call.Host.Time);
        try
        {
            return NodeContext.Run(() => instance is { } known ? permission.AskAsync(known, folder, cancellation) : permission.AskAsync(folder!, cancellation));
        }
        catch (Exception unknown) when (KnownFailure.Of(unknown) is not null)
        {
            return StartVerdict.No($"nobody can tell which site is active: {KnownFailure.Of(unknown)!.What}");
        }
    }

    private static InstanceId Parse(string text)
    {
        try
        {
            return InstanceId.Parse(text);
        }
        catch (FormatException)
        {
            throw VerbException.Usage($"'{text}' names no instance", "--component SERVICE/COMPONENT --site SITE");
        }
    }
}
