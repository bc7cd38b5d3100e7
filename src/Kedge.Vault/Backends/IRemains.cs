namespace Kedge.Vault.Backends;

/// <summary>
/// An ability of some backends: to clear away what savers that were killed have left unfinished. It is no object and does
/// no harm, but takes space. Decorators have it too, and pass it on.
/// </summary>
public interface IRemains
{
    /// <param name="olderThan">Younger ones may still be in the making: a day is safe.</param>
    /// <returns>How many were removed.</returns>
    Task<int> ClearRemainsAsync(TimeSpan olderThan, CancellationToken cancellation);
}
