namespace Kedge.Vault.Backup;

/// <summary>A node that is done: its name, and its JSON.</summary>
internal readonly record struct NodeEntry(byte[] Name, ReadOnlyMemory<byte> Raw);
