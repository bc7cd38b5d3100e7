namespace Kedge.Vault;

/// <summary>
/// What was read and found damaged is read once more before it is called so: it may have been garbled on its way, by a
/// proxy or a server's cache, and be good where it is kept.
/// </summary>
internal static class SecondLook
{
    /// <param name="read">Reads and verifies.</param>
    internal static async Task<T> AtAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            return await read();
        }
    }
}
