using System.CommandLine;
using System.Runtime.InteropServices;
using Kedge.CommandLine.Moves;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Nodes.Warming;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge node</c>: the long-running process that watches, decides and acts.</summary>
internal static class NodeVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var name = new Option<string?>("--name") { Description = "What people call this node. Default: the machine's name.", HelpName = "NAME" };
        var unit = new Option<bool>("--unit") { Description = "Print a systemd unit for it, and how to guard a data store's start, and end." };
        var verb = new Verb("node", "Run a node: it checks, writes markers, leads and acts. One leads, others wait to take over.")
        {
            Group = "Carry",
            More =
            [
                "It ends at SIGTERM or Ctrl-C and gives the lead up in order; what is under way is gone on with by whoever leads next. SIGHUP makes it read the plan again and put an edit in force.",
            ],
            Examples =
            [
                new("kedge node", "In a terminal, to see what it does."),
                new("kedge node --unit > /etc/systemd/system/kedge.service", "As a service of the machine."),
            ],
            Exits = [ExitCodes.PlanInvalid],
        };
        verb.Options.Add(name);
        verb.Options.Add(unit);
        return verb.Does(host, globals, (call, cancellation) =>
        {
            if (call.Get(unit))
            {
                call.Terminal.Write(SystemdUnit.Of(call, Environment.ProcessPath ?? "kedge"));
                return Task.FromResult(ExitCodes.Fine);
            }

            return call.WithPlane(create: true, (plane, token) => RunAsync(call, plane, token), cancellation, call.Get(name));
        });
    }

    private static async Task<int> RunAsync(Invocation call, ControlPlane plane, CancellationToken cancellation)
    {
        ControlPlane.GoFirst();
        await AdoptAsync(call, plane, required: plane.State.Plan is null, cancellation);
        using var reload = new Reload(call, plane, cancellation);
        Say(call, $"node {plane.World.Me}, state in {call.Location.State}, plan {plane.State.Plans.InForce.Name} {plane.State.Plans.InForce.Version.Short}");
        using var warmUp = WarmUp.Begin(call.Location.State, call.Host.Time, text => Say(call, text));
        var node = plane.CreateNode(new NodeSettings { Announce = new Announcements(call).Say });
        using var telling = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var log = new NodeLog(call, plane).FollowAsync(telling.Token);
        try
        {
            await node.RunAsync(cancellation);
        }
        finally
        {
            await telling.CancelAsync();
            await QuietAsync(log);
        }

        await reload.Newest;
        Say(call, "ended");
        return ExitCodes.Fine;
    }

    private static async Task AdoptAsync(Invocation call, ControlPlane plane, bool required, CancellationToken cancellation)
    {
        var reading = call.ReadPlan();
        if (reading?.Plan is { } plan)
        {
            if (await plane.AdoptAsync(plan, cancellation))
            {
                Say(call, $"plan {plan.Name}, version {plan.Version.Short}, is in force");
            }

            return;
        }

        if (required)
        {
            throw reading is null ? Invocation.NoPlan() : Invocation.Invalid(reading);
        }

        // A broken edit must not keep a node from watching over what is in force.
        Say(call, reading is null ? "no plan on disk; the one in force stays" : $"the plan on disk has {Figures.Count(reading.Problems.Count(p => p.IsError), "error")} (kedge validate); the one in force stays");
    }

    /// <summary>Waits for a task whose cancellation is expected; anything else comes out.</summary>
    private static async Task QuietAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }
    }

    private static void Say(Invocation call, string text) => call.Terminal.Say(Styled.Quiet($"{Figures.Clock(call.Now, call.Zone)}  ") + text);

    /// <summary>A line that repeats what was said last adds nothing.</summary>
    private sealed class Announcements(Invocation call)
    {
        private string? last;

        public void Say(string text)
        {
            if (text != last)
            {
                last = text;
                NodeVerb.Say(call, text);
            }
        }
    }

    /// <summary>Reads the plan again at SIGHUP, on the node's own thread.</summary>
    private sealed class Reload : IDisposable
    {
        private readonly PosixSignalRegistration registration;

        public Reload(Invocation call, ControlPlane plane, CancellationToken cancellation)
        {
            var context = SynchronizationContext.Current!;
            registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                context.Post(_ => Newest = AgainAsync(call, plane, cancellation), null);
            });
        }

        /// <summary>The newest reading; complete where none is under way.</summary>
        public Task Newest { get; private set; } = Task.CompletedTask;

        public void Dispose() => registration.Dispose();

        private static async Task AgainAsync(Invocation call, ControlPlane plane, CancellationToken cancellation)
        {
            try
            {
                await AdoptAsync(call, plane, required: false, cancellation);
            }
            catch (Exception failure) when (KnownFailure.Of(failure) is not null)
            {
                NodeVerb.Say(call, $"the plan could not be put in force: {KnownFailure.Of(failure)!.What}");
            }
        }
    }
}
