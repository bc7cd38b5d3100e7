using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class DryRuns
{
    [Fact]
    public async Task Show_what_is_there_and_change_nothing()
    {
        using var folder = new TestFolder();
        await using var real = VaultLocation.Parse(folder.Path).OpenBare(new(), TimeProvider.System);
        var (there, other) = (TestObject.Random(ObjectKind.Pack, 100), TestObject.Random(ObjectKind.Pack, 200));
        await real.PrepareAsync(CancellationToken.None);
        await there.SaveAsync(real);
        var before = Files(folder);

        await using var dry = new DryRunBackend(real);
        await dry.PrepareAsync(CancellationToken.None);
        await other.SaveAsync(dry);
        await TestObject.Random(ObjectKind.Index, 50).SaveAsync(dry);
        await dry.RemoveAsync(there.Name, CancellationToken.None);
        Assert.Equal(there.Content, await dry.ReadAllAsync(there.Name));
        Assert.Equal([there.Stored], await dry.ListAllAsync(ObjectKind.Pack));
        Assert.Equal((2, 250, 1), (dry.Saved, dry.SavedBytes, dry.Removed));
        Assert.Equal(before, Files(folder));
    }

    private static List<string> Files(TestFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order()];
}
