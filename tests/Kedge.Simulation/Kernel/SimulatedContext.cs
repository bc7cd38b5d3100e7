namespace Kedge.Simulation.Kernel;

/// <summary>The context of one simulated process: whatever it awaits continues when the seed says so, on the one thread there is.</summary>
internal sealed class SimulatedContext(Scheduler scheduler, SimulatedProcess process) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => scheduler.Post(process, d, state);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("nothing waits in a simulation");

    public override SynchronizationContext CreateCopy() => this;
}
