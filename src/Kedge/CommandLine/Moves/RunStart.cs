using Kedge.CommandLine.Rendering.Plans;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Verbs;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>From what was typed to a run that is carried out: compile, show, ask, begin, watch.</summary>
internal sealed class RunStart(Invocation call, ControlPlane plane, MoveForm form, ActOptions options)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var plan = await AdoptAsync(cancellation);
        var request = form.Read(call, plan, plane.State.Register, plane.State.Runs);
        RefuseBusy(request);
        RefuseBeforeTheCommit(request);
        var dryRun = call.Get(options.DryRun);
        var accepted = options.Accepted(call, plan);
        var (proposal, briefing) = await BriefingMaker.MakeAsync(plane, plan, request, dryRun, !call.Get(options.NoPreflight), accepted, cancellation);
        if (!call.Terminal.Json)
        {
            call.Terminal.Show(BriefingPage.Of(briefing, call.Terminal.Width));
        }

        RefuseLoss(briefing, dryRun);
        RefuseWhatWouldFail(briefing, dryRun);
        if (!dryRun && !call.Get(options.Yes) && !Confirmed(briefing, cancellation))
        {
            throw new VerbException(ExitCodes.Interrupted, "not confirmed; nothing was begun", null);
        }

        return await new RunCarrier(call, plane).BeginAsync(proposal, accepted, cancellation);
    }

    /// <summary>The plan on disk; where there is none, the one in force.</summary>
    private async Task<KedgePlan> AdoptAsync(CancellationToken cancellation)
    {
        if (call.Location.Plan is null && plane.State.Plan is { } inForce)
        {
            return inForce;
        }

        var plan = call.RequirePlan();
        var before = plane.State.Plans.Newest;
        if (await plane.AdoptAsync(plan, cancellation) && before is { } old)
        {
            call.Terminal.Say(Styled.Warning($"the plan was edited: version {plan.Version.Short} is in force now (it was {old.Short})"));
            foreach (var change in PlanDiff.Between(plane.State.Plans.Get(old), plan).Take(10))
            {
                call.Terminal.Say(Styled.Quiet($"  {change}"));
            }
        }

        return plane.State.Plans.InForce;
    }

    private void RefuseBusy(MoveRequest request)
    {
        var busy = plane.State.Runs.Live.FirstOrDefault(r => r.Plan.Moves.Any(m => request.Services.Contains(m.Service)));
        if (busy is null)
        {
            return;
        }

        var what = $"{busy.Id}, a {RunWords.Of(busy.Planned.Kind)}, concerns {busy.Plan.Moves.First(m => request.Services.Contains(m.Service)).Service} and {RunWords.Of(busy.Status)}";
        throw busy.Status is RunStatus.AwaitingApproval
            ? new VerbException(ExitCodes.NeedsOperator, what, $"agree to it: kedge run approve {busy.Id} (or refuse it first: kedge run decline {busy.Id})")
            : new VerbException(ExitCodes.Overtaken, what, $"watch it: kedge run watch {busy.Id}");
    }

    /// <summary>A planned move needs a standby that follows; after a failover there is none until it was committed and protected again.</summary>
    private void RefuseBeforeTheCommit(MoveRequest request)
    {
        var open = plane.State.Runs.WaitingForCommit(request.Services);
        if (open is not null && request.Compile.Kind is RunKind.Switchover or RunKind.Failback)
        {
            throw new VerbException(
                ExitCodes.Refused,
                $"{open.Id} waits for its commit, and nothing follows the active side before that",
                $"kedge run commit {open.Id}, then kedge reprotect (or go back at once: kedge run rollback {open.Id})");
        }
    }

    private static void RefuseLoss(Briefing briefing, bool dryRun)
    {
        var refused = briefing.Refused.Select(l => l.Component).ToList();
        if (refused.Count > 0 && !dryRun)
        {
            throw new VerbException(
                ExitCodes.Refused,
                $"the loss of {Words.List(refused)} is unknown, or greater than the RPO",
                $"accept it by name: {string.Join(' ', refused.Select(c => $"--accept-loss {c}"))}");
        }
    }

    /// <summary>In a disaster much may fail and all the rest is worth having; a planned move can wait until it would succeed.</summary>
    private static void RefuseWhatWouldFail(Briefing briefing, bool dryRun)
    {
        var failing = briefing.Failing.Count();
        if (!dryRun && failing > 0 && briefing.Recovery.Kind is RunKind.Switchover or RunKind.Failback)
        {
            throw new VerbException(
                ExitCodes.Refused,
                $"{Figures.Count(failing, "check")} of the preflight would fail now; a planned move begins when none does",
                "mend what it names (kedge plan shows it again); or begin without it: --no-preflight");
        }
    }

    /// <summary>A planned move asks for yes; one that may lose data asks for the word that says where the loss is.</summary>
    private bool Confirmed(Briefing briefing, CancellationToken cancellation)
    {
        if (!call.Terminal.CanAsk)
        {
            throw VerbException.Usage("this asks before it begins, and nobody can be asked here", "add --yes, or give the command on a terminal");
        }

        var recovery = briefing.Recovery;
        var word = recovery.Kind is RunKind.Failover ? recovery.Moves[0].From.Value : "yes";
        var question = recovery.Kind is RunKind.Failover
            ? $"This gives up what stands at {Words.List(recovery.Moves.Select(m => m.From).Distinct())}. Type {word} to begin:"
            : $"Type {word} to begin:";
        return call.Terminal.Ask(Styled.Strong(question), cancellation) == word;
    }
}
