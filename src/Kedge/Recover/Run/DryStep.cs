using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;

namespace Kedge.Recover.Run;

/// <summary>Walks through a step without effect: what would fail if it ran now, and what it would find.</summary>
internal sealed class DryStep(JournalSession session, Register register, EngineWorld world)
{
    private readonly StepContexts contexts = new(world);

    public async Task ExecuteAsync(HeldClaim held, CancellationToken cancellation)
    {
        var (fine, text) = held.Step.Kind is StepKind.Act ? await LookAsync(held, cancellation) : Describe(held.Step);
        await session.PersistAsync(
            () => !held.Holds ? []
                : fine ? held.Verified(text, wasDone: false)
                : [new StepSkipped(held.Run.Id, held.Step.Id, $"would fail: {text}", "kedge")],
            world.Time,
            cancellation);
    }

    private async Task<(bool Fine, string Text)> LookAsync(HeldClaim held, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(held.Step.Timeout, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var epoch = held.Step.Instance is { } instance ? register.Epoch(instance.Component) + (held.Step.TakesEpoch ? 1 : 0) : (long?)null;
        var context = await contexts.OfAsync(held.Run, held.Step, epoch, linked.Token);
        var action = world.Drivers.Get(held.Step.Driver!).Actions[held.Step.Action!];
        var findings = await held.Driver.MakeAsync(() => action.PreflightAsync(context, linked.Token));
        var broken = findings.Where(f => !f.Ok).ToList();
        return broken.Count > 0
            ? (false, string.Join("; ", broken.Select(f => f.Fix is null ? f.What : $"{f.What} ({f.Fix})")))
            : (true, findings.Count > 0 ? string.Join("; ", findings.Select(f => f.What)) : "nothing to check beforehand");
    }

    private static (bool Fine, string Text) Describe(RecoveryStep step) => step.Kind switch
    {
        StepKind.Confirm => (true, $"would ask: {step.Instruction}"),
        StepKind.Wait => (true, "would wait"),
        StepKind.Check => (true, "would test end to end"),
        StepKind.Blocked => (false, step.Instruction!),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Kind, "unknown kind of step"),
    };
}
