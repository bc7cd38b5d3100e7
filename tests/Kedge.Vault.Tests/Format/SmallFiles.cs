using System.Text;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

/// <summary>Config, keys, locks and snapshots.</summary>
public sealed class SmallFiles
{
    public static TheoryData<string> Writers => [.. Samples.Writers];

    [Theory]
    [MemberData(nameof(Writers))]
    public void Of_restic_are_written_back_byte_for_byte(string writer)
    {
        Assert.Equal(Text(writer, "config.json"), Encoding.UTF8.GetString(VaultConfig.Parse(Samples.Read(writer, "config.json")).Write()));
        Assert.Equal(Text(writer, "key.json"), Encoding.UTF8.GetString(KeyFile.Parse(Samples.Read(writer, "key.json")).Write()));
        Assert.Equal(Text(writer, "lock.json"), Encoding.UTF8.GetString(LockFile.Parse(Samples.Read(writer, "lock.json")).Write()));
        Assert.Equal(Text(writer, "snapshot.json"), Encoding.UTF8.GetString(SnapshotFile.Parse(Samples.Read(writer, "snapshot.json")).Write()));
    }

    [Fact]
    public void Say_what_restic_said()
    {
        var config = VaultConfig.Parse(Samples.Read("restic-0.14-v1", "config.json"));
        Assert.Equal((1, 64), (config.Version, config.Id.Length));
        var made = LockFile.Parse(Samples.Read("restic-0.18", "lock.json"));
        Assert.Equal(("2026-11-25T11:15:17.377298535+01:00", false, "harbour", "root", 15376), (made.Time.ToString(), made.Exclusive, made.Hostname, made.Username, made.ProcessId));
        var snapshot = SnapshotFile.Parse(Samples.Read("restic-0.18", "snapshot.json"));
        Assert.Equal(["/srv/harbour/files"], snapshot.Paths);
        Assert.Equal(["*.none"], snapshot.Excludes);
        Assert.Equal(["weekly"], snapshot.Tags);
        Assert.StartsWith("3e046519", snapshot.Original?.Short);
        Assert.Equal(("restic 0.18.0", 11UL, 3000020UL), (snapshot.ProgramVersion, snapshot.Summary?.FilesNew, snapshot.Summary!.TotalBytesProcessed));
    }

    [Fact]
    public void Keep_what_a_stranger_has_put_into_a_snapshot_when_it_is_rewritten()
    {
        var json = "{\"time\":\"2024-01-02T03:04:05Z\",\"label\":\"a \\u00e9\",\"tree\":\"" + new string('a', 64) + "\",\"paths\":[],\"delete\":{\"After\":[1,{}]},"
            + "\"summary\":{\"command\":\"x\",\"files_new\":7}}";
        var snapshot = SnapshotFile.Parse(Encoding.UTF8.GetBytes(json)) with { Tags = ["new"] };
        var again = Encoding.UTF8.GetString(snapshot.Write());
        Assert.Contains("\"tags\":[\"new\"]", again, StringComparison.Ordinal);
        Assert.EndsWith(",\"total_bytes_processed\":0,\"command\":\"x\"},\"label\":\"a \\u00e9\",\"delete\":{\"After\":[1,{}]}}", again, StringComparison.Ordinal);
        Assert.Equal(again, Encoding.UTF8.GetString(SnapshotFile.Parse(Encoding.UTF8.GetBytes(again)).Write()));
    }

    [Fact]
    public void Are_read_as_Go_reads_them_where_fields_are_null_twice_or_escaped()
    {
        var made = LockFile.Parse("""
            { "exclusive" : false, "exclusive" : true, "hostname" : "a\u0062\ud83d\ude00\n", "username" : null, "pid" : null, "more" : [[{}], "]"], "\u0075id" : 5 }
            """u8);
        Assert.Equal((true, "ab😀\n", "", 0, 5U, GoTime.None), (made.Exclusive, made.Hostname, made.Username, made.ProcessId, made.UserId, made.Time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"tree\":\"abc\"}")]
    [InlineData("{\"tree\":5}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\"} {}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"uid\":-1}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"uid\":4294967296}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"uid\":1.0}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"uid\":\"1\"}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"paths\":\"/\"}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"paths\":[\"/\",null]}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"paths\":[\"\\ud800\"]}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"time\":\"today\"}")]
    [InlineData("{\"tree\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"summary\":[]}")]
    public void That_are_no_snapshot_are_refused(string json)
    {
        var refusal = Assert.Throws<VaultException>(() => SnapshotFile.Parse(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(VaultFault.Damaged, refusal.Fault);
        Assert.Contains("snapshot", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void That_nest_without_end_are_refused()
    {
        var deep = "{\"x\":" + new string('[', 1_000_000);
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => SnapshotFile.Parse(Encoding.UTF8.GetBytes(deep))).Fault);
    }

    [Theory]
    [InlineData("{\"version\":3,\"id\":\"00\",\"chunker_polynomial\":\"25b468838dcb75\"}", "version 3")]
    [InlineData("{\"version\":2,\"id\":\"\",\"chunker_polynomial\":\"25b468838dcb75\"}", "no id")]
    [InlineData("{\"version\":2,\"id\":\"a\\u001b[2J\",\"chunker_polynomial\":\"25b468838dcb75\"}", "no id")]
    [InlineData("{\"version\":2,\"id\":\"00\",\"chunker_polynomial\":\"25b468838dcb74\"}", "polynomial")]
    [InlineData("{\"version\":2,\"id\":\"00\"}", "polynomial")]
    public void That_are_no_config_are_refused(string json, string why) =>
        Assert.Contains(why, Assert.Throws<VaultException>(() => VaultConfig.Parse(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void Make_a_config_that_restic_accepts()
    {
        for (var round = 0; round < 20; round++)
        {
            var config = VaultConfig.Create(2);
            var back = VaultConfig.Parse(config.Write());
            Assert.Equal((config.Version, config.Id, config.Polynomial), (back.Version, back.Id, back.Polynomial));
            Assert.Equal(53, (int)Math.Log2(config.Polynomial));
        }
    }

    /// <summary>All of them are products of the irreducible ones, so a sieve knows which are which.</summary>
    [Fact]
    public void Know_which_polynomials_are_irreducible()
    {
        var reducible = new HashSet<ulong>();
        for (var left = 2UL; left < 256; left++)
        {
            Assert.Equal(!reducible.Contains(left), RabinPolynomial.IsIrreducible(left));
            for (var right = 2UL; right < 256; right++)
            {
                reducible.Add(Enumerable.Range(0, 8).Where(bit => (right >> bit & 1) != 0).Aggregate(0UL, (sum, bit) => sum ^ (left << bit)));
            }
        }

        // restic's chunker has this one in its tests.
        Assert.True(RabinPolynomial.IsIrreducible(0x3DA3358B4DC173));
    }

    private static string Text(string writer, string name) => Encoding.UTF8.GetString(Samples.Read(writer, name));
}
