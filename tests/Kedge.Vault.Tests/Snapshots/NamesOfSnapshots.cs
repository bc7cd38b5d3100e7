using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Snapshots;

/// <summary>Ids, beginnings of ids, the latest, and folders in them.</summary>
public sealed class NamesOfSnapshots
{
    [Fact]
    public async Task Are_ids_or_as_much_of_one_as_is_unmistakable()
    {
        await using var vault = await FolderVault.MakeAsync();
        // With 20 snapshots two surely share their first digit.
        var snapshots = new List<StoredSnapshot>();
        for (var i = 0; i < 20; i++)
        {
            snapshots.Add(await vault.AddAsync(Snapshot(i)));
        }

        var digit = snapshots.GroupBy(s => s.Id.ToString()[0]).First(g => g.Count() > 1);
        var chosen = snapshots[7];
        Assert.Equal(chosen.Id, (await One(vault, chosen.Id.ToString())).Snapshot.Id);
        var found = await One(vault, $"{chosen.Id.Short.ToUpperInvariant()}:/srv/a:b");
        Assert.Equal((chosen.Id, chosen.File.Time, "/srv/a:b"), (found.Snapshot.Id, found.Snapshot.File.Time, found.Subfolder));

        var problem = await Assert.ThrowsAsync<VaultException>(() => One(vault, $"{digit.Key}"));
        Assert.Equal(VaultFault.Misuse, problem.Fault);
        Assert.Contains(digit.Min(s => s.Id)!.Short, problem.Message, StringComparison.Ordinal);

        var mistyped = chosen.Id.Short[..7] + (chosen.Id.Short[7] == 'f' ? 'e' : 'f');
        problem = await Assert.ThrowsAsync<VaultException>(() => One(vault, mistyped));
        Assert.Equal(VaultFault.NotFound, problem.Fault);
        Assert.Contains(chosen.Id.Short, problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_are_none_are_refused()
    {
        await using var vault = await FolderVault.MakeAsync();
        Assert.Equal(VaultFault.Misuse, (await Assert.ThrowsAsync<VaultException>(() => One(vault, "last"))).Fault);
        Assert.Equal(VaultFault.Misuse, (await Assert.ThrowsAsync<VaultException>(() => One(vault, ""))).Fault);
        Assert.Equal(VaultFault.NotFound, (await Assert.ThrowsAsync<VaultException>(() => One(vault, "latest"))).Fault);
        Assert.Equal(VaultFault.NotFound, (await Assert.ThrowsAsync<VaultException>(() => One(vault, new string('a', 64)))).Fault);
        Assert.Equal(VaultFault.Misuse, (await Assert.ThrowsAsync<VaultException>(() => SnapshotChoice.ManyAsync(vault.Vault, ["latest:/a"], SnapshotFilter.None, CancellationToken.None))).Fault);
    }

    [Fact]
    public async Task May_be_given_several_at_once()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (one, two) = (await vault.AddAsync(Snapshot(1)), await vault.AddAsync(Snapshot(2)));
        await vault.AddAsync(Snapshot(3) with { Hostname = "other" });
        var filter = new SnapshotFilter { Hosts = ["host"] };
        var list = await SnapshotChoice.ManyAsync(vault.Vault, [one.Id.ToString(), "latest", two.Id.ToString()], filter, CancellationToken.None);
        Assert.Equal([one.Id, two.Id], list.Snapshots.Select(s => s.Id));
        Assert.False(list.FilterWasIgnored);
        list = await SnapshotChoice.ManyAsync(vault.Vault, [one.Id.ToString()], filter, CancellationToken.None);
        Assert.True(list.FilterWasIgnored);
    }

    [Fact]
    public async Task Of_some_that_are_damaged_do_not_keep_others_from_being_read()
    {
        await using var vault = await FolderVault.MakeAsync();
        var (good, bad) = (await vault.AddAsync(Snapshot(1)), await vault.AddAsync(Snapshot(2)));
        var path = Path.Join(vault.Path, "snapshots", bad.Id.ToString());
        var content = await File.ReadAllBytesAsync(path);
        content[^1] ^= 1;
        File.Delete(path);
        await File.WriteAllBytesAsync(path, content);
        var list = await vault.ListAsync();
        Assert.Equal([good.Id], list.Snapshots.Select(s => s.Id));
        Assert.Equal([bad.Id], list.Damaged.Select(d => d.Id));
        var latest = await One(vault, "latest");
        Assert.Equal((good.Id, 1), (latest.Snapshot.Id, latest.Damaged.Count));
    }

    [Fact]
    public async Task The_latest_is_not_one_of_a_time_to_come_where_there_is_another()
    {
        await using var vault = await FolderVault.MakeAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var future = await vault.AddAsync(Snapshot(now + 100_000));
        Assert.Equal(future.Id, (await One(vault, "latest")).Snapshot.Id);
        var soon = await vault.AddAsync(Snapshot(now + 3_600));
        await vault.AddAsync(Snapshot(now - 3_600));
        Assert.Equal(soon.Id, (await One(vault, "latest")).Snapshot.Id);
    }

    [Fact]
    public void Are_not_needed_for_a_parent()
    {
        var wanted = new BackupWanted { Paths = ["/usr"u8.ToArray()], Hostname = "host", Username = "ann" };
        var now = DateTimeOffset.FromUnixTimeSeconds(1_000_000);
        StoredSnapshot[] snapshots =
        [
            Stored(Snapshot(900_000)),
            Stored(Snapshot(950_000) with { Paths = ["/etc", "/usr"] }),
            Stored(Snapshot(960_000) with { Paths = ["/etc"] }),
            Stored(Snapshot(970_000) with { Hostname = "other" }),
            Stored(Snapshot(980_000) with { Tags = ["x"] }),
            Stored(Snapshot(2_000_000)),
        ];
        Assert.Equal(980_000, TimeOf(wanted, SnapshotGrouping.Usual));
        Assert.Equal(970_000, TimeOf(wanted with { Time = DateTimeOffset.FromUnixTimeSeconds(979_999) }, SnapshotGrouping.Parse("paths")));
        Assert.Equal(950_000, TimeOf(wanted with { Time = DateTimeOffset.FromUnixTimeSeconds(979_999) }, SnapshotGrouping.Usual));
        Assert.Equal(980_000, TimeOf(wanted with { Tags = ["x"] }, SnapshotGrouping.Parse("host,tags")));
        Assert.Null(TimeOf(wanted with { Tags = ["y"] }, SnapshotGrouping.Parse("host,tags")));

        long? TimeOf(BackupWanted wanted, SnapshotGrouping grouping) => ParentChoice.For(wanted, snapshots, grouping, now)?.File.Time.UnixSeconds;
    }

    private static Task<ChosenSnapshot> One(FolderVault vault, string name) =>
        SnapshotChoice.OneAsync(vault.Vault, name, SnapshotFilter.None, CancellationToken.None);

    private static StoredSnapshot Stored(SnapshotFile file) => new(ObjectId.Of(file.Write()), file);

    private static SnapshotFile Snapshot(long time) => new() { Time = new(time, 0, 0), Tree = ObjectId.Of("tree"u8), Paths = ["/usr"], Hostname = "host" };
}
