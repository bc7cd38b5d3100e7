using Kedge.Acceptance.Demo;
using Kedge.Acceptance.Store;
using Kedge.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Demo.World;
using Kedge.Drivers.Programs;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.Acceptance.Recovery.Crashes;

/// <summary>One world, in which a site is lost and Kedge dies on the way, one case after another.</summary>
internal sealed class CrashLane(PreparedWorld world, Journey journey)
{
    private const int NoSignal = 0;
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private const int KilledExit = 128 + Kill;

    /// <summary>That of a node that falls asleep: short enough to be waited for.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    /// <summary>That of a node that is killed, which does not matter: a dead leader is not waited for.</summary>
    private static readonly TimeSpan LongLease = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly (string, string)[] Environment = [.. Launcher.PartEnvironment.Select(e => (e.Key, e.Value))];

    private readonly KedgePlan plan = new PlanReader(ControlPlane.Contracts).Read(PlanFiles.Load(world.Layout.Plan)).Plan!;

    /// <summary>Comes by all places without dying at any; each place is named after the last of what happens at it.</summary>
    public Task<List<string>> FindPlacesAsync(CancellationToken cancellation) => InTimeAsync(async (plane, token) =>
    {
        await using var node = StartCrashing(NoSignal, "none", LongLease);
        var run = await journey.BeginAsync(world, plane, token);
        await plane.UntilAsync(_ => run.Status == journey.End ? run : null, token);
        await plane.UntilAsync(s => plan.Services.All(p => s.Readiness.Find(p.Name) is not null) ? run : null, token);
        await node.KillAsync();
        return PlacesOf(node, onePerLine: true).SkipWhile(p => p != "after LeadershipTaken").Where(IsSure).ToList();
    }, cancellation);

    /// <summary>
    /// False for what happens on some ways only, because two services were seen to fail one after the other, say, or
    /// because the machine was slow: nobody could wait for it.
    /// </summary>
    private static bool IsSure(string place) =>
        !place.Contains(", time ", StringComparison.Ordinal)
        && !((string[])[nameof(IncidentReclassified), nameof(RunAborted), nameof(ServiceUp), nameof(StepFailed), nameof(LossAccepted)])
            .Any(what => place.StartsWith($"after {what}", StringComparison.Ordinal));

    /// <summary>Places at which a person could go on with <c>kedge run resume</c>: between the proposal and the run's end.</summary>
    public static IEnumerable<string> Resumable(IReadOnlyList<string> places) =>
        places.SkipWhile(p => p is not ("after RunPlanned" or "after RunApproved")).TakeWhile(p => p != "after RunCompleted");

    /// <returns>Everything that is wrong at the end; nothing where all is as it must be.</returns>
    public Task<List<string>> TryAsync(string place, Fate fate, CancellationToken cancellation) => InTimeAsync(async (plane, token) =>
    {
        var sleeps = fate is Fate.Paused or Fate.PausedForOneLease;
        await using var first = StartCrashing(sleeps ? Stop : Kill, place, sleeps ? Lease : LongLease);
        await plane.UntilAsync(s => s.Register.Leader, token);
        var joining = fate is Fate.KilledAndResumed ? null : JoinAsync(sleeps ? first : null, token);
        var waking = fate is Fate.PausedForOneLease ? WakeAsync(first, place, token) : Task.CompletedTask;
        var run = await journey.BeginAsync(world, plane, token);
        await using var second = await (joining ?? ResumeAsync(first, run, token));
        if (fate is Fate.Killed or Fate.Paused)
        {
            await plane.UntilAsync(s => s.Register.Leader is { Name: "second" } leader ? leader : null, token);
            ProcessTable.Signal(IdentityOf(first), Continue);
        }

        await waking;
        await plane.UntilAsync(_ => run.Status is RunStatus.AwaitingApproval or RunStatus.Running ? null : run, token);
        var wrong = new List<string>();
        if (fate is not Fate.PausedForOneLease)
        {
            await EndOfAsync(first, token);
            Expect(wrong, first.ExitCode == KilledExit, $"the first node ended with {first.ExitCode}");
        }

        Expect(wrong, PlacesOf(first).Contains(place), "the first node never came by");
        Expect(wrong, run.Status == journey.End, $"{run.Id} is {run.Status}: {run.Because}");
        if (fate is Fate.KilledAndResumed)
        {
            await second.EndAsync();
            Expect(wrong, second.ExitCode == ExitCodes.Fine, $"kedge run resume ended with {second.ExitCode}");
        }

        wrong.AddRange(await world.FindWrongAsync(journey.LosesNothing, token));
        wrong.AddRange(await VerifyAsync(token));
        wrong.AddRange(await FindTwiceAsync(token));
        if (wrong.Count > 0)
        {
            wrong.AddRange([.. first.Lines.TakeLast(8), "then:", .. second.Lines]);
        }

        return wrong;
    }, cancellation);

    /// <summary>A node that waits to take over: at once, or from when the first has fallen asleep, so that it does not come too early on a slow machine.</summary>
    private async Task<HostProcess> JoinAsync(HostProcess? sleeper, CancellationToken cancellation)
    {
        if (sleeper is not null)
        {
            await SleepOfAsync(sleeper, cancellation);
        }

        return Start("node", "--name", "second", "--plan", world.Layout.Plan);
    }

    /// <summary>
    /// Wakes it up once it sleeps, near the end of its lease, which it renewed up to a third of it before: a little earlier
    /// or later from place to place.
    /// </summary>
    private static async Task WakeAsync(HostProcess first, string place, CancellationToken cancellation)
    {
        var sleeper = IdentityOf(first);
        await SleepOfAsync(first, cancellation);
        await Task.Delay(Lease * (0.65 + (0.4 * (place.Sum(c => c) % 16) / 15)), TimeProvider.System, cancellation);
        ProcessTable.Signal(sleeper, Continue);
    }

    private static async Task SleepOfAsync(HostProcess first, CancellationToken cancellation)
    {
        while (ProcessStat.Read(first.Id) is not { IsStopped: true })
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellation);
        }
    }

    private static ProcessIdentity IdentityOf(HostProcess host) => ProcessStat.Read(host.Id)?.Identity ?? new(host.Id, 0);

    private async Task<HostProcess> ResumeAsync(HostProcess first, RunState run, CancellationToken cancellation)
    {
        await EndOfAsync(first, cancellation);
        return Start("run", "resume", run.Id.Value, "--plan", world.Layout.Plan);
    }

    /// <summary>The first node's, at its place; fails where it never came by.</summary>
    private static async Task EndOfAsync(HostProcess first, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience / 3);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await first.EndAsync().WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"the first node never came by its place; its last words:\n{string.Join('\n', first.Lines.TakeLast(5))}");
        }
    }

    /// <summary><c>kedge journal verify</c>, without a process of its own.</summary>
    private async Task<IEnumerable<string>> VerifyAsync(CancellationToken cancellation)
    {
        using var said = new StringWriter();
        var code = await CommandEntry.RunAsync(
            ["journal", "verify", "--state", world.Layout.State], CommandHost.OfProcess() with { Output = said, Error = said }, cancellation);
        return code == ExitCodes.Fine ? [] : [$"kedge journal verify ended with {code}: {said}"];
    }

    private async Task<T> InTimeAsync<T>(Func<ControlPlane, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        await world.RestoreAsync(cancellation);
        await using var plane = await ControlPlane.OpenAsync(
            new() { StateFolder = world.Layout.State, Who = "Operations manager", NodeName = "test" }, cancellation);
        await plane.AdoptAsync(plan, cancellation);
        using var limit = new CancellationTokenSource(Patience);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var following = plane.Session.FollowAsync(linked.Token);
        try
        {
            return await work(plane, linked.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"not over after {Patience.TotalSeconds:0} s; the journal's last: {await LastAsync(cancellation)}");
        }
        finally
        {
            await linked.CancelAsync();
            await following.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>What may happen once only.</summary>
    private async Task<IEnumerable<string>> FindTwiceAsync(CancellationToken cancellation)
    {
        var entries = await ReadAsync(cancellation);
        var once = entries.Select(e => e.Event).Select(e => e switch
        {
            StepVerified s => $"{s.Step} verified",
            EpochTaken t => $"epoch of {t.Component} taken",
            ActiveSiteChanged c => $"{c.Service} moved",
            RunStarted or RunCompleted => e.GetType().Name,
            _ => null,
        });
        var late = entries.SkipWhile(e => e.Event is not LeadershipTaken { Node.Name: "second" }).Where(e => e.By == "first").Select(e => $"the first node appended {e.Event} after the second led");
        return once.OfType<string>().GroupBy(n => n).Where(n => n.Count() > 1).Select(n => $"{n.Key}: {n.Count()} times").Concat(late);
    }

    private async Task<string> LastAsync(CancellationToken cancellation) =>
        string.Join("; ", (await ReadAsync(cancellation)).TakeLast(6).Select(e => e.Event));

    private async Task<List<JournalEntry>> ReadAsync(CancellationToken cancellation)
    {
        await using var journal = await StoredJournal.OpenAsync(world.Layout.State, TimeProvider.System, cancellation);
        var entries = new List<JournalEntry>();
        await journal.ReadAsync(entries.Add, cancellation);
        return entries;
    }

    private HostProcess StartCrashing(int signal, string place, TimeSpan lease) => HostProcess.StartWith(
        Environment, [HostProcess.Program, "node", world.Layout.State, "first", $"{lease.TotalMilliseconds}", $"{signal}", place]);

    private HostProcess Start(params string[] arguments) =>
        HostProcess.StartWith(Environment, [DemoWorlds.Program, .. arguments, "--state", world.Layout.State]);

    private static void Expect(List<string> wrong, bool right, string otherwise)
    {
        if (!right)
        {
            wrong.Add(otherwise);
        }
    }

    /// <summary>The places that it came by; of those that fall together, all or the last.</summary>
    private static IEnumerable<string> PlacesOf(HostProcess host, bool onePerLine = false)
    {
        const string Mark = "place";
        return host.Lines.Select(l => l.Split('\t')).Where(l => l[0] == Mark).SelectMany(l => onePerLine ? l[^1..] : l[1..]);
    }
}
