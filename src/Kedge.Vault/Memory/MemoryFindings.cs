namespace Kedge.Vault.Memory;

/// <summary>What is odd, but no sign that the vault was put back as a whole. To be reported.</summary>
/// <param name="Taken">Each the newest snapshot of its group that this client knew; it is gone, nothing newer is there, and
/// this client did not remove it. One line each.</param>
public sealed record MemoryFindings(IReadOnlyList<string> Taken)
{
    internal static MemoryFindings None { get; } = new([]);
}
