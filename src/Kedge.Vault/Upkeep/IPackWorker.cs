namespace Kedge.Vault.Upkeep;

/// <summary>Works on what is read of packs. One object belongs to one thread.</summary>
internal interface IPackWorker : IDisposable
{
    /// <param name="bytes">Valid until this returns.</param>
    void Work(PackSpan span, ReadOnlyMemory<byte> bytes);

    /// <summary>It could not be read: the pack is gone, or ends before.</summary>
    void Unreadable(PackSpan span, VaultException why);
}
