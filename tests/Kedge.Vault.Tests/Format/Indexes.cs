using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

public sealed class Indexes
{
    private static readonly string A = new('a', 64), B = new('b', 64);
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(300);

    public static TheoryData<string> Writers => [.. Samples.Writers];

    [Theory]
    [MemberData(nameof(Writers))]
    public void Of_restic_are_read_and_written_back_byte_for_byte(string writer)
    {
        var json = Samples.Read(writer, "index.json");
        using var index = new IndexWriter();
        IndexReader.Read(json, index);
        Assert.Equal((2, true), (index.PackCount, index.BlobCount > 5));
        Assert.Equal(Encoding.ASCII.GetString(json), Encoding.ASCII.GetString(index.Finish()));
        Assert.Equal((0, 0), (index.PackCount, index.BlobCount));
    }

    [Fact]
    public void Say_the_same_to_a_reader_of_the_frameworks()
    {
        var json = Samples.Read("restic-0.18", "index.json");
        using var document = JsonDocument.Parse(json);
        var expected = from pack in document.RootElement.GetProperty("packs").EnumerateArray()
                       from blob in pack.GetProperty("blobs").EnumerateArray()
                       select $"{pack.GetProperty("id")} {blob.GetProperty("type")} {blob.GetProperty("id")} {blob.GetProperty("offset")} {blob.GetProperty("length")} {blob.GetProperty("uncompressed_length")}";
        Assert.Equal(expected, Said(json).Where(line => line.Contains(" t", StringComparison.Ordinal) || line.Contains(" d", StringComparison.Ordinal)));
    }

    [Fact]
    public void Come_back_as_they_were()
    {
        FsCheck.Check.One(Thorough, Prop.ForAll(Any.ToArbitrary(), lines => Said(Written(lines)).SequenceEqual(lines)));
    }

    /// <summary>What is recognised by its shape means what it means when it is taken apart, wherever spaces and other fields come between.</summary>
    [Fact]
    public void Are_understood_alike_at_both_speeds()
    {
        var changed = from lines in Any from seed in Gen.Choose(0, int.MaxValue) select (lines, seed);
        var (accepted, refused) = (0, 0);
        FsCheck.Check.One(Thorough, Prop.ForAll(changed.ToArbitrary(), sample =>
        {
            var json = Encoding.ASCII.GetString(Written(sample.lines));
            var random = new Random(sample.seed);
            for (var changes = random.Next(5); changes > 0; changes--)
            {
                var at = random.Next(json.Length);
                json = random.Next(6) switch
                {
                    0 => json.Insert(at, " "),
                    1 => json.Insert(at, "0"),
                    2 => json.Remove(at, 1),
                    3 => json.Replace(",\"length\"", ", \"x\":[1,\"}\"],\"length\"", StringComparison.Ordinal),
                    4 => json.Replace("\"type\":\"data\"", "\"type\":\"tree\"", StringComparison.Ordinal),
                    _ => json.Replace("\"offset\":", "\"offset\": ", StringComparison.Ordinal),
                };
            }

            var bytes = Encoding.ASCII.GetBytes(json);
            var (fast, slow) = (Outcome(bytes, true), Outcome(bytes, false));
            accepted += fast == null ? 0 : 1;
            refused += fast == null ? 1 : 0;
            return fast == slow;
        }));
        Assert.True(accepted > 20 && refused > 20, $"{accepted} accepted, {refused} refused: nothing was compared");
    }

    [Fact]
    public void May_have_their_fields_in_any_order_and_more_of_them()
    {
        var json = $$"""
            { "future" : {"a":[1,2,{"b":null}]}, "packs_to_delete":[{"size":5,"blobs":[{"length":40,"type":"tree","id":"{{B}}","offset":1}],"id":"{{A}}","time":"2024-01-02T03:04:05+01:00"},{"id":"{{B}}","blobs":null}],
              "supersedes":["{{B}}","{{A}}"],
              "packs" :[ {"blobs":[{"offset":0,"uncompressed_length":null,"id":"{{A}}","\u006cength":32,"type":"d\u0061ta","x":"\""}],"id":"{{B}}"}, {"id":"{{A}}","blobs":[],"time":"x","size":null} ] }
            """;
        Assert.Equal(
            [
                $"marked {A} 2024-01-02T03:04:05+01:00", $"{A} tree {B} 1 40 0", "end",
                $"marked {B} 0001-01-01T00:00:00Z", "end",
                $"supersedes {B}", $"supersedes {A}",
                $"pack {B}", $"{B} data {A} 0 32 0", "end",
                $"pack {A}", "end",
            ],
            Said(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"packs\":null}")]
    [InlineData(" {\"packs\":[],\"supersedes\":[]} \n")]
    public void Without_packs_say_nothing(string json) => Assert.Empty(Said(Encoding.ASCII.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"packs\":[]}}")]
    [InlineData("{\"packs\":[],}")]
    [InlineData("{\"packs\":[],\"packs\":[]}")]
    [InlineData("{\"packs\":[,]}")]
    [InlineData("{\"packs\":[{}]}")]
    [InlineData("{\"packs\":[{\"id\":\"A\",\"blobs\":[]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"A\",\"id\":\"A\",\"blobs\":[]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"A\",\"blobs\":[],\"blobs\":[]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":0,\"length\":31}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":4294967290,\"length\":40}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":4294967296,\"length\":40}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":1e3,\"length\":40}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":-1,\"length\":40}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":00,\"length\":40}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"file\",\"offset\":0,\"length\":40}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":0}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":0,\"length\":40,\"length\":41}]}]}")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"id\":\"a\",\"type\":\"data\",\"offset\":0,\"length\":40} {\"id\"")]
    public void That_make_no_sense_are_refused_at_both_speeds(string json)
    {
        var bytes = Encoding.ASCII.GetBytes(json.Replace("\"a\"", $"\"{A}\"", StringComparison.Ordinal).Replace("\"A\"", $"\"{A.ToUpperInvariant()}\"", StringComparison.Ordinal));
        foreach (var recognise in new[] { true, false })
        {
            var refusal = Assert.Throws<VaultException>(() => IndexReader.Read(bytes, new SpokenIndex(), recognise));
            Assert.Equal(VaultFault.Damaged, refusal.Fault);
            Assert.StartsWith("an index ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"x\":")]
    [InlineData("{\"packs\":[{\"x\":")]
    [InlineData("{\"packs\":[{\"id\":\"a\",\"blobs\":[{\"x\":")]
    public void That_nest_without_end_are_refused(string beginning)
    {
        var json = beginning.Replace("\"a\"", $"\"{A}\"", StringComparison.Ordinal) + new string('[', 1_000_000);
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => IndexReader.Read(Encoding.ASCII.GetBytes(json), new SpokenIndex())).Fault);
    }

    [Fact]
    public void Are_recognised_whatever_digits_their_ids_have()
    {
        var random = new Random(7);
        var bytes = new byte[32];
        for (var round = 0; round < 1000; round++)
        {
            random.NextBytes(bytes);
            var hex = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes));
            Assert.True(HexDigits.TryDecode(hex, out var id));
            Assert.Equal(new ObjectId(bytes), id);
            hex[random.Next(64)] = (byte)"/:`gG@ A\0\u007f\u00e1"[round % 11];
            Assert.False(HexDigits.TryDecode(hex, out _));
        }
    }

    private static Gen<List<string>> Any =>
        from packs in Gen.ListOf(from id in AnyEntries.Id from entries in AnyEntries.Loose from time in Gen.Choose(0, 3) select (id, entries, time))
        from superseded in Gen.ListOf(AnyEntries.Id)
        select superseded.Select(id => $"supersedes {id}")
            .Concat(packs.OrderBy(pack => pack.time == 0).SelectMany(pack => Lines(pack.id, pack.entries, pack.time == 0))).ToList();

    private static IEnumerable<string> Lines(ObjectId pack, List<BlobEntry> entries, bool marked) =>
    [
        marked ? $"marked {pack} 2024-01-02T03:04:05Z" : $"pack {pack}",
        .. entries.Select(entry => (Entry: entry, Offset: Math.Min(entry.Offset, uint.MaxValue - entry.Length)))
            .Select(blob => $"{pack} {(blob.Entry.Name.Kind == BlobKind.Tree ? "tree" : "data")} {blob.Entry.Name.Id} {blob.Offset} {blob.Entry.Length} {blob.Entry.PlainLength}"),
        "end",
    ];

    private static byte[] Written(List<string> lines)
    {
        using var index = new IndexWriter();
        foreach (var line in lines)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "supersedes":
                    index.Superseded(Id(words[1]));
                    break;
                case "marked":
                    Assert.True(GoTime.TryParse(Encoding.ASCII.GetBytes(words[2]), out var time));
                    index.BeginMarkedPack(Id(words[1]), time);
                    break;
                case "pack":
                    index.BeginPack(Id(words[1]));
                    break;
                case "end":
                    index.EndPack();
                    break;
                default:
                    index.Blob(new(new(words[1] == "tree" ? BlobKind.Tree : BlobKind.Data, Id(words[2])), uint.Parse(words[3]), uint.Parse(words[4]), uint.Parse(words[5])));
                    break;
            }
        }

        return index.Finish();
    }

    private static ObjectId Id(string hex) => ObjectId.TryParse(hex, out var id) ? id : throw new FormatException(hex);

    private static List<string> Said(byte[] json, bool recognise = true)
    {
        var index = new SpokenIndex();
        IndexReader.Read(json, index, recognise);
        return index.Lines;
    }

    private static string? Outcome(byte[] json, bool recognise)
    {
        try
        {
            return string.Join('\n', Said(json, recognise));
        }
        catch (VaultException refusal) when (refusal.Fault == VaultFault.Damaged)
        {
            return null;
        }
    }
}
