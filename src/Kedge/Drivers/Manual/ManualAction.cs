using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Manual;

/// <summary>Says what is to be done, and that only a person's confirmation makes it done.</summary>
internal sealed class ManualAction(ActionContract contract) : IDriverAction
{
    public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => Task.FromResult(Waiting(step));

    public Task<string> ActAsync(StepContext step, CancellationToken cancellation) => throw new DriverException(
        $"only a person can do this: {InstructionIn(step)}", "do it, then confirm the step");

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => Task.FromResult(Waiting(step));

    public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PreflightFinding>>([new(true, $"a person has to be there for this: {InstructionIn(step)}", null)]);

    private Judgement Waiting(StepContext step) => Judgement.NotYet($"a person has to do it and confirm it: {InstructionIn(step)}");

    private string InstructionIn(StepContext step) => step.Options.Text(contract.Instruction!);
}
