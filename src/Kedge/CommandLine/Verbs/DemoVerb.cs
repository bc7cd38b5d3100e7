using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Demo;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge demo</c>: two sites on this machine, a disaster, and the way back.</summary>
internal static class DemoVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var disaster = new Option<string>("--disaster") { Description = "What befalls the primary site. kill: all its processes at once; hang: they stand still; service: one line of business only.", DefaultValueFactory = _ => DemoEntry.Disasters[0] };
        disaster.AcceptOnlyFromAmong([.. DemoEntry.Disasters]);
        var auto = new Option<bool>("--auto") { Description = "Answer Kedge's question whether to fail over with yes." };
        var sync = new Option<bool>("--sync") { Description = "Replicate synchronously: no acknowledged order may be lost." };
        var keep = new Option<bool>("--keep") { Description = "Leave everything running afterwards, with a plan to play with." };
        var stop = new Option<bool>("--stop") { Description = "Take away what an earlier demo left running, and end." };
        var verb = new Verb("demo", "Play a disaster on this machine: two sites, real processes, about a minute.")
        {
            Group = "Learn",
            More = ["PostgreSQL 15 and the Knot DNS server must be installed; everything listens on loopback addresses only, and nothing is left behind."],
            Examples =
            [
                new("kedge demo", "You decide on the failover."),
                new("kedge demo --auto --sync", "No questions, and nothing lost."),
                new("kedge demo --auto --disaster hang", "Nothing answers, although all ports are open."),
            ],
            Exits = [ExitCodes.Interrupted],
        };
        foreach (var option in (Option[])[disaster, auto, sync, keep, stop])
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
                    call.Terminal.Say(stopped == 0 ? "no demo is running" : $"{stopped} taken away");
                    return ExitCodes.Fine;
                }

                var ask = !call.Get(auto) && Console.IsInputRedirected;
                return ask ? throw new VerbFailure(ExitCodes.Usage, "nobody can be asked here: the input is not a terminal", "let the demo answer: kedge demo --auto")
                    : DemoEntry.Play(call.Get(disaster)!, call.Get(auto), call.Get(sync), call.Get(keep), cancellation) ? ExitCodes.Fine : ExitCodes.Failed;
            }
            catch (DemoException failed)
            {
                throw new VerbFailure(ExitCodes.Failed, failed.Message, failed.Hint);
            }
        });
    }
}
