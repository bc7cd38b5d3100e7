using Kedge.Drivers;

namespace Kedge.Nodes;

/// <summary>Drivers work on the thread pool, so that a slow one does not hold up leases and alarms.</summary>
internal sealed class ThreadPoolWorkplace : IWorkplace
{
    public Task<T> RunAsync<T>(Func<Task<T>> work) => Task.Run(work);
}
