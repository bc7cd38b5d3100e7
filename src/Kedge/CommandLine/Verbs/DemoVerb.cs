using System.CommandLine;
using System.Text.Json.Nodes;
using Kedge.CommandLine.Rendering.Json;
using Kedge.CommandLine.Terminals;
using Kedge.Demo;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge demo</c>: a disaster on this machine, and the recovery from it.</summary>
internal static class DemoVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var disaster = new Option<string>("--disaster")
        {
            Description = "kill: all of the primary site dies at once; hang: it stands still, ports open; service: only one line of business is lost.",
            HelpName = "KIND",
            DefaultValueFactory = _ => DemoEntry.Disasters[0],
        };
        disaster.AcceptOnlyFromAmong([.. DemoEntry.Disasters]);
        var auto = new Option<bool>("--auto") { Description = "Do not ask: approve the failover at once." };
        var sync = new Option<bool>("--sync") { Description = "Replicate synchronously: no acknowledged order may be lost." };
        var keep = new Option<bool>("--keep") { Description = "Leave it running, with its plan, to play with." };
        var stop = new Option<bool>("--stop") { Description = "Take away demos that were left running, and end." };
        var verb = new Verb("demo", "See it happen: two sites on this machine, a disaster, the recovery, the way back. Half a minute; nothing stays behind.")
        {
            Group = "Learn",
            More = ["On loopback, as separate processes: a PostgreSQL primary and its standby, an ordering service at each site, an authoritative DNS server, and a client that orders all the time and remembers every order that was acknowledged."],
            Examples =
            [
                new("kedge demo", "Watch, and decide yourself."),
                new("kedge demo --auto --sync --disaster hang", "Without questions, with nothing lost, against a site that hangs."),
                new("kedge demo --keep", "Go on from there with kedge status and all the others."),
            ],
            Exits = [ExitCodes.NothingToDo, ExitCodes.Interrupted],
        };
        foreach (var option in new Option[] { disaster, auto, sync, keep, stop })
        {
            verb.Options.Add(option);
        }

        return verb.Does(host, globals, async (call, cancellation) =>
        {
            try
            {
                if (call.Get(stop))
                {
                    var stopped = await DemoEntry.StopAllAsync(cancellation);
                    call.Terminal.Say(stopped == 0 ? "no demo runs" : $"{stopped} taken away");
                    call.Terminal.Result(new JsonObject { ["stopped"] = stopped });
                    return stopped == 0 ? ExitCodes.NothingToDo : ExitCodes.Fine;
                }

                if (!call.Get(auto) && !call.Terminal.CanAsk)
                {
                    throw VerbException.Usage("the demo asks you to decide, and nobody can be asked here", "add --auto, or give the command on a terminal");
                }

                var outcome = DemoEntry.Play(
                    call.Get(disaster)!, call.Get(auto), call.Get(sync), call.Get(keep), call.Terminal.Json ? StoryOutput.Error : StoryOutput.Output, cancellation);
                call.Terminal.Result(DemoJson.Of(outcome));
                return outcome.Kept ? ExitCodes.Fine : ExitCodes.Failed;
            }
            catch (DemoException failure)
            {
                throw new VerbException(ExitCodes.Failed, failure.Message, failure.Hint);
            }
        });
    }
}
