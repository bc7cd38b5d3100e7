using Kedge.Vault.Format;

namespace Kedge.Vault.Backends;

/// <summary>The storage failed and is asked again after <paramref name="Wait"/>.</summary>
/// <param name="Operation">What was tried, as a word for a person: save, read, list…</param>
/// <param name="Object">On what, where it was about one object.</param>
/// <param name="Attempt">How often it has been tried so far, from 1 on.</param>
public sealed record BackendRetry(string Operation, ObjectName? Object, int Attempt, TimeSpan Wait, VaultException Failure);
