using Kedge.Vault.Backends;
using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Backends;

/// <summary>Objects as a vault stores them: named for the SHA-256 of their content.</summary>
internal sealed record TestObject(ObjectName Name, byte[] Content)
{
    internal static readonly ObjectKind[] NamedKinds = [ObjectKind.Key, ObjectKind.Lock, ObjectKind.Snapshot, ObjectKind.Index, ObjectKind.Pack];

    /// <summary>Always the same for the same seed and length.</summary>
    internal static TestObject Random(ObjectKind kind, int length, int seed = 1)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return Of(kind, content);
    }

    internal static TestObject Of(ObjectKind kind, byte[] content) =>
        new(kind == ObjectKind.Config ? ObjectName.Config : new(kind, ObjectId.Of(content)), content);

    internal StoredObject Stored => new(Name, Content.Length);

    internal Task SaveAsync(IBackend backend) => backend.SaveAsync(Name, Content, CancellationToken.None);
}
