using Kedge.Drivers;

namespace Kedge.Simulation.Planted;

/// <summary>Planted: the act is begun, and reported as done; it takes its time, or fails, unheard.</summary>
internal sealed class ReportsTooEarly(IDriverAction action) : IDriverAction
{
    public Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation) => action.JudgeAsync(step, cancellation);

    public Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        _ = action.ActAsync(step, cancellation);
        return Task.FromResult("done");
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => action.VerifyAsync(step, cancellation);

    public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation) => action.PreflightAsync(step, cancellation);
}
