namespace Kedge.Vault.Tests.Servers;

/// <param name="Value">Bytes or a status, as the kind has it.</param>
internal readonly record struct Fault(FaultKind Kind, int Value = 0);
