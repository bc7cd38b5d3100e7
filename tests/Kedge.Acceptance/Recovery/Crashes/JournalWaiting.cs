using Kedge.Nodes;

namespace Kedge.Acceptance.Recovery.Crashes;

/// <summary>Waiting for what the journal says.</summary>
internal static class JournalWaiting
{
    /// <summary>Returns once it is found; the control plane must follow the journal meanwhile.</summary>
    public static async Task<T> UntilAsync<T>(this ControlPlane plane, Func<ControlState, T?> find, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            var changed = plane.Session.Changed;
            if (find(plane.State) is { } found)
            {
                return found;
            }

            await changed.WaitAsync(cancellation);
        }
    }
}
