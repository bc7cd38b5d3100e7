using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

/// <summary>Short forms for tests.</summary>
internal static class TestBackends
{
    internal static async Task<byte[]> ReadAllAsync(this IBackend backend, ObjectName name)
    {
        var content = new byte[await backend.LengthAsync(name, CancellationToken.None)];
        await backend.ReadAsync(name, 0, content, CancellationToken.None);
        return content;
    }

    internal static async Task<byte[]> ReadAsync(this IBackend backend, ObjectName name, long offset, int count)
    {
        var content = new byte[count];
        await backend.ReadAsync(name, offset, content, CancellationToken.None);
        return content;
    }

    internal static async Task<HashSet<StoredObject>> ListAllAsync(this IBackend backend, ObjectKind kind)
    {
        var all = await backend.ListAsync(kind, CancellationToken.None).ToListAsync();
        var set = all.ToHashSet();
        Assert.Equal(all.Count, set.Count);
        return set;
    }

    internal static async Task<VaultException> FailsAsync(VaultFault fault, Func<Task> work)
    {
        var failure = await Assert.ThrowsAsync<VaultException>(work);
        Assert.True(failure.Fault == fault, $"{failure.Fault} instead of {fault}: {failure}");
        Assert.DoesNotContain('\n', failure.Message);
        return failure;
    }
}
