using Kedge.Vault.Format;

namespace Kedge.Vault.Forget;

/// <summary>What became of a removal.</summary>
/// <param name="Removed">Including what somebody else had removed meanwhile.</param>
/// <param name="Kept">What could not be removed, and why. To be reported.</param>
public sealed record ForgetOutcome(IReadOnlyList<ObjectId> Removed, IReadOnlyList<(ObjectId Id, VaultException Problem)> Kept);
