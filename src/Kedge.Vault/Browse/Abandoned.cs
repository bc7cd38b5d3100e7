namespace Kedge.Vault.Browse;

/// <summary>Work that nobody needs any more, but that must have ended before what it uses goes.</summary>
internal static class Abandoned
{
    /// <summary>Waits for its end, whatever that is: whoever abandoned it knows why.</summary>
    internal static Task EndAsync(Task work) =>
        work.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
