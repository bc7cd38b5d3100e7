namespace Kedge.Drivers;

/// <summary>Where drivers do their work: off the node's own thread, or in a simulation on it.</summary>
public interface IWorkplace
{
    Task<T> RunAsync<T>(Func<Task<T>> work);
}
