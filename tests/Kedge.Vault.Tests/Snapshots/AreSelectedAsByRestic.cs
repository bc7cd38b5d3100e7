using System.Text.Json;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Snapshots;

/// <summary>Hosts, tags, paths, groups and the latest, by a stock restic and by us.</summary>
public sealed class AreSelectedAsByRestic
{
    private static readonly string[] TagLists = ["a", "a,b", "", " b , c", ",a", "c,", "d"];

    [Theory]
    [InlineData("0.14", 1)]
    [InlineData("0.18", 2)]
    public async Task With_any_filter(string version, int seed)
    {
        var random = new Random(seed);
        await using var vault = await FolderVault.MakeAsync();
        await FillAsync(vault, random, 60);
        using var restic = vault.Restic(version);
        for (var round = 0; round < 12; round++)
        {
            var (filter, options) = RandomFilter(random);
            var list = await SnapshotChoice.ManyAsync(vault.Vault, [], filter, CancellationToken.None);
            Assert.Equal(Ids(await restic.RunAsync(["snapshots", "--json", .. options])), list.Snapshots.Select(s => s.Id.ToString()).ToHashSet());
            if (list.Snapshots.Count > 0)
            {
                // "snapshots latest" shows one a group; this names one.
                var latest = await SnapshotChoice.ManyAsync(vault.Vault, ["latest"], filter, CancellationToken.None);
                Assert.Equal(Ids(await restic.RunAsync(["snapshots", "--json", .. options, "latest"])), [latest.Snapshots.Single().Id.ToString()]);
            }
        }
    }

    [Theory]
    [InlineData("0.14", "host,tags")]
    [InlineData("0.18", "paths")]
    [InlineData("0.18", "host,paths,tags")]
    public async Task In_groups(string version, string grouping)
    {
        await using var vault = await FolderVault.MakeAsync();
        await FillAsync(vault, new(3), 40);
        using var restic = vault.Restic(version);
        var end = await restic.RunAsync("snapshots", "--json", "--group-by", grouping);
        using var parsed = JsonDocument.Parse(end.Succeeded());
        var theirs = parsed.RootElement.EnumerateArray().Select(group => string.Join(' ', group.GetProperty("snapshots").EnumerateArray().Select(IdOf).Order()));
        var ours = SnapshotGrouping.Parse(grouping).Apply((await vault.ListAsync()).Snapshots).Select(group => string.Join(' ', group.Snapshots.Select(s => s.Id.ToString()).Order()));
        Assert.Equal(theirs.Order(), ours.Order());
    }

    private static async Task FillAsync(FolderVault vault, Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await vault.AddAsync(new()
            {
                Time = new(1_600_000_000 + random.Next(100_000_000), i, 60),
                Tree = ObjectId.Of([(byte)i]),
                Paths = [.. new[] { "/a", "/b/c", "/d" }.Where(_ => random.Next(2) == 0).DefaultIfEmpty("/x")],
                Hostname = $"host{random.Next(3)}",
                Tags = [.. new[] { "a", "b", "c" }.Where(_ => random.Next(3) == 0).OrderBy(_ => random.Next())],
            });
        }
    }

    private static (SnapshotFilter Filter, List<string> Options) RandomFilter(Random random)
    {
        List<string> options = [];
        var filter = new SnapshotFilter
        {
            Hosts = Some("--host", ["host0", "host1", "host9"], 4),
            Paths = Some("--path", ["/a", "/b/c", "/d"], 4),
            Tags = [.. Some("--tag", TagLists, 6).Select(TagList.Parse)],
        };
        return (filter, options);

        IReadOnlyList<string> Some(string option, string[] values, int rarity)
        {
            var chosen = values.Where(_ => random.Next(rarity) == 0).ToList();
            options.AddRange(chosen.SelectMany(value => new[] { option, value }));
            return chosen;
        }
    }

    private static HashSet<string> Ids(ProgramEnd end)
    {
        using var parsed = JsonDocument.Parse(end.Succeeded());
        return parsed.RootElement.ValueKind == JsonValueKind.Null ? [] : [.. parsed.RootElement.EnumerateArray().Select(IdOf)];
    }

    private static string IdOf(JsonElement snapshot) => snapshot.GetProperty("id").GetString()!;
}
