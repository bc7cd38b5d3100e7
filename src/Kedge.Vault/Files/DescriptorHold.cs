namespace Kedge.Vault.Files;

/// <summary>Keeps a descriptor open while its bare number is used.</summary>
internal readonly ref struct DescriptorHold
{
    private readonly Descriptor descriptor;

    /// <exception cref="ObjectDisposedException">It is closed already.</exception>
    internal DescriptorHold(Descriptor descriptor)
    {
        this.descriptor = descriptor;
        var held = false;
        descriptor.DangerousAddRef(ref held);
    }

    internal int Number => (int)descriptor.DangerousGetHandle();

    public void Dispose() => descriptor.DangerousRelease();
}
