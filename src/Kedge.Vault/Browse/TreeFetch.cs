using Kedge.Vault.Format;

namespace Kedge.Vault.Browse;

/// <summary>A tree that is being fetched.</summary>
/// <param name="Length">Of its JSON, in bytes.</param>
internal readonly record struct TreeFetch(ObjectId Tree, Task<byte[]> Json, long Length);
