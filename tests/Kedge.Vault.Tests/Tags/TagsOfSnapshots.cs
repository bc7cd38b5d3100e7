using System.Text;
using System.Text.Json;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tags;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Tags;

/// <summary>Adding, removing and setting tags.</summary>
public sealed class TagsOfSnapshots
{
    [Fact]
    public async Task Change_and_all_else_stays()
    {
        await using var vault = await FolderVault.MakeAsync();
        var json = "{\"time\":\"2024-01-02T03:04:05.123+02:00\",\"tree\":\"" + new string('a', 64) + "\",\"paths\":[\"/a\"],\"tags\":[\"x\",\"y\"],\"label\":{\"of\":[\"rustic\"]}}";
        var snapshot = await vault.AddAsync(SnapshotFile.Parse(Encoding.UTF8.GetBytes(json)));
        var changed = Assert.Single(await ChangeAsync(vault, snapshot, new() { Add = ["z", "x"], Remove = ["y", "nothing"] }));
        Assert.Null(changed.Problem);
        var again = Assert.Single((await vault.ListAsync()).Snapshots);
        Assert.Equal((changed.New.Id, snapshot.Id), (again.Id, again.File.Original));
        Assert.Equal(["x", "z"], again.File.Tags);
        Assert.Equal(
            json.Replace("[\"x\",\"y\"]", $"[\"x\",\"z\"],\"original\":\"{snapshot.Id}\"", StringComparison.Ordinal),
            Encoding.UTF8.GetString(await vault.Vault.LoadAsync(ObjectKind.Snapshot, again.Id, CancellationToken.None)));

        // The first id stays known, and what is right already is left alone.
        changed = Assert.Single(await ChangeAsync(vault, again, new() { Set = [] }));
        Assert.Equal((snapshot.Id, 0), (changed.New.File.Original, changed.New.File.Tags.Count));
        Assert.Empty(await ChangeAsync(vault, changed.New, new() { Set = [] }));
        Assert.Empty(await ChangeAsync(vault, changed.New, new() { Remove = ["x"] }));
    }

    [Theory]
    [InlineData("0.14")]
    [InlineData("0.18")]
    public async Task Are_seen_by_restic_which_goes_on_from_there(string version)
    {
        await using var vault = await FolderVault.MakeAsync();
        var snapshot = await vault.AddAsync(new() { Time = new(1_000, 0, 0), Tree = ObjectId.Of("tree"u8), Paths = ["/a"], Tags = ["x"] });
        var changed = Assert.Single(await ChangeAsync(vault, snapshot, new() { Add = ["y"] }));
        using var restic = vault.Restic(version);
        (await restic.RunAsync("tag", "--add", "z", changed.New.Id.ToString())).Succeeded();
        using var parsed = JsonDocument.Parse((await restic.RunAsync("snapshots", "--json")).Succeeded());
        var theirs = Assert.Single(parsed.RootElement.EnumerateArray());
        Assert.Equal(["x", "y", "z"], theirs.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        Assert.Equal(snapshot.Id.ToString(), theirs.GetProperty("original").GetString());
    }

    [Fact]
    public async Task Are_there_twice_where_nothing_may_be_removed()
    {
        await using var server = await RestServer.StartAsync("--append-only");
        await using var vault = await server.InitAsync(TimeProvider.System);
        foreach (var time in new[] { 1, 2 })
        {
            await vault.SaveAsync(ObjectKind.Snapshot, new SnapshotFile { Time = new(time, 0, 0), Tree = ObjectId.Of("tree"u8), Paths = ["/a"] }.Write(), CancellationToken.None);
        }

        var snapshots = (await SnapshotSurvey.ListAsync(vault, CancellationToken.None)).Snapshots;
        var changed = Assert.Single(await VaultTags.ChangeAsync(vault, snapshots, new() { Add = ["a"] }, null, CancellationToken.None));
        Assert.Equal(VaultFault.Denied, changed.Problem?.Fault);
        Assert.Equal(3, (await SnapshotSurvey.ListAsync(vault, CancellationToken.None)).Snapshots.Count);
    }

    [Fact]
    public async Task Must_be_given()
    {
        await using var vault = await FolderVault.MakeAsync();
        Assert.Equal(VaultFault.Misuse, (await Assert.ThrowsAsync<VaultException>(() => VaultTags.ChangeAsync(vault.Vault, [], new(), null, CancellationToken.None))).Fault);
        Assert.Equal(VaultFault.Misuse, (await Assert.ThrowsAsync<VaultException>(() => VaultTags.ChangeAsync(vault.Vault, [], new() { Set = ["a"], Add = ["b"] }, null, CancellationToken.None))).Fault);
    }

    private static Task<IReadOnlyList<RetaggedSnapshot>> ChangeAsync(FolderVault vault, StoredSnapshot snapshot, TagChange change) =>
        VaultTags.ChangeAsync(vault.Vault, [snapshot], change, null, CancellationToken.None);
}
