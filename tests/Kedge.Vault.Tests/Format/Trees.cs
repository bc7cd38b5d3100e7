using System.Text;
using System.Text.Json;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

public sealed class Trees
{
    public static TheoryData<string> Writers => [.. Samples.Writers];

    [Theory]
    [MemberData(nameof(Writers))]
    public void Of_restic_are_read_and_written_back_byte_for_byte(string writer)
    {
        var json = Samples.Read(writer, "tree.json");

        // 0.14 wrote where a link leads with an escape for what it could not keep of it. That is a character like others now.
        var expected = Encoding.UTF8.GetString(json);
        expected = writer.StartsWith("restic-0.14", StringComparison.Ordinal) ? expected.Replace("\\ufffd", "\ufffd", StringComparison.Ordinal) : expected;
        foreach (var recognise in new[] { true, false })
        {
            Assert.Equal(expected, Encoding.UTF8.GetString(Rewritten(json, recognise)));
        }
    }

    [Fact]
    public void Of_restic_say_what_the_files_were()
    {
        var nodes = Read(Samples.Read("restic-0.18", "tree.json"));
        TreeNode Named(string name) => nodes.Single(node => node.Name.SequenceEqual(Encoding.Latin1.GetBytes(name)));
        var file = Named("a.txt");
        Assert.Equal((NodeKind.File, 6, 2UL, 1, "root"), (file.Kind, file.Size, file.Links, file.Content.Count, file.User));
        Assert.Equal(0x9edu, GoMode.ToPermissions(file.Mode));
        Assert.Equal(["user.note 00FF3C783E", "user.empty "], file.ExtendedAttributes.Select(attribute => $"{Encoding.UTF8.GetString(attribute.Name.Span)} {Convert.ToHexString(attribute.Value.Span)}"));
        Assert.Equal([(byte)'t', (byte)'o', (byte)0xff], Named("badlink").LinkTarget.ToArray());
        Assert.Equal("1960-01-02T04:04:05.123456789+01:00", Named("old").ModifiedAt.ToString());
        Assert.Equal((NodeKind.CharacterDevice, 0x103UL), (Named("cdev").Kind, Named("cdev").Device));
        Assert.Equal((NodeKind.Folder, true, 0x3ffu), (Named("empty").Kind, Named("empty").Subtree != null, GoMode.ToPermissions(Named("empty").Mode)));
        foreach (var name in new[] { "bad\u00ff\u00fename", "new\nline\ttab", "quo\"te\\back", "<html>&amp;", "fifo", "bdev", "link", "hard" })
        {
            Named(name);
        }

        Assert.All(nodes, node => Assert.Null(node.NameProblem ?? node.KindProblem));
    }

    [Fact]
    public void Come_back_as_they_were_at_both_speeds()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var any = new AnyNode(new Random(seed));
            using var tree = new TreeWriter();
            foreach (var name in any.Names(seed % 7))
            {
                tree.Add(any.Next(name));
            }

            var json = tree.Finish().ToArray();
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(Rewritten(json, recognise: true)));
            Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(Rewritten(json, recognise: false)));
            using var document = JsonDocument.Parse(json);
            Assert.Equal(seed % 7, document.RootElement.GetProperty("nodes").GetArrayLength());
        }
    }

    /// <summary>What is recognised by its shape means what it means when it is taken apart.</summary>
    [Fact]
    public void Are_understood_alike_at_both_speeds()
    {
        var (accepted, refused) = (0, 0);
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var any = new AnyNode(random);
            using var tree = new TreeWriter();
            foreach (var name in any.Names(3))
            {
                tree.Add(any.Next(name));
            }

            var json = tree.Finish().ToArray().ToList();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                var at = random.Next(json.Count);
                switch (random.Next(4))
                {
                    case 0:
                        json[at] = (byte)"\"\\{}[],:0 u\u00ff"[random.Next(12)];
                        break;
                    case 1:
                        json.Insert(at, (byte)" \n\"0\\"[random.Next(5)]);
                        break;
                    case 2:
                        json.RemoveAt(at);
                        break;
                    default:
                        json[at] ^= (byte)(1 << random.Next(8));
                        break;
                }
            }

            var (fast, slow) = (Outcome([.. json], true), Outcome([.. json], false));
            Assert.True(fast == slow, $"seed {seed}:\n{Encoding.Latin1.GetString([.. json])}\n{fast}\n{slow}");
            accepted += fast == null ? 0 : 1;
            refused += fast == null ? 1 : 0;
        }

        Assert.True(accepted > 800 && refused > 800, $"{accepted} accepted, {refused} refused: nothing was compared");
    }

    [Fact]
    public void May_have_their_fields_in_any_order_and_more_of_them()
    {
        var json = """
            { "future": [1], "nodes" : [ { "linktarget_raw":"dG\/\/", "x":{"a":[]}, "linktarget":"to\ufffd", "type":"symlink", "content":null, "extended_attributes":[{"value":"AP88","y":1,"name":"user.\u00fc"},{}],
            "n\u0061me":"a\\xff\\u00e9\\U0001f600\\101\\a\\\"b\\\\c", "mode":null, "user":"r\u00f6t" } ] , "more":{"nodes":[]} }
            """;
        var node = Assert.Single(Read(Encoding.UTF8.GetBytes(json)));
        Assert.Equal([(byte)'a', 0xff, .. Encoding.UTF8.GetBytes("é😀A\a\"b\\c")], node.Name.ToArray());
        Assert.Equal([(byte)'t', (byte)'o', 0xff], node.LinkTarget.ToArray().AsSpan(0, 3).ToArray());
        Assert.Equal((NodeKind.Symlink, "röt", 2, GoTime.None), (node.Kind, node.User, node.ExtendedAttributes.Count, node.ModifiedAt));
        Assert.Equal("user.ü", Encoding.UTF8.GetString(node.ExtendedAttributes[0].Name.Span));
    }

    [Theory]
    [InlineData("{\"nodes\":[]}")]
    [InlineData("{\"nodes\":[]}\n")]
    [InlineData(" { \"nodes\" : null , \"x\" : 1 } ")]
    public void May_be_empty(string json) => Assert.Empty(Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"nodes\":{}}")]
    [InlineData("{\"nodes\":[}")]
    [InlineData("{\"nodes\":[null]}")]
    [InlineData("{\"nodes\":[{}")]
    [InlineData("{\"nodes\":[{},]}")]
    [InlineData("{\"nodes\":[]} x")]
    [InlineData("{\"nodes\":[],\"nodes\":[]}")]
    [InlineData("{\"nodes\":[{\"name\":\"a\",\"name\":\"b\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"a\\\\x\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"a\\\\q\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"a\\\"\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"a\\n\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"\\\\ud800\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"\\\\U00110000\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"\\\\400\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"\\\\'\"}]}")]
    [InlineData("{\"nodes\":[{\"name\":\"\\ud800\"}]}")]
    [InlineData("{\"nodes\":[{\"size\":9223372036854775808}]}")]
    [InlineData("{\"nodes\":[{\"inode\":18446744073709551616}]}")]
    [InlineData("{\"nodes\":[{\"uid\":-1}]}")]
    [InlineData("{\"nodes\":[{\"content\":[\"abc\"]}]}")]
    [InlineData("{\"nodes\":[{\"subtree\":{}}]}")]
    [InlineData("{\"nodes\":[{\"generic_attributes\":[]}]}")]
    [InlineData("{\"nodes\":[{\"linktarget_raw\":\"*\"}]}")]
    public void That_make_no_sense_are_refused(string json)
    {
        foreach (var recognise in new[] { true, false })
        {
            var refusal = Assert.Throws<VaultException>(() => Read(Encoding.UTF8.GetBytes(json), recognise));
            Assert.Equal(VaultFault.Damaged, refusal.Fault);
            Assert.StartsWith("a tree ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"nodes\":[{\"x\":")]
    [InlineData("{\"x\":")]
    [InlineData("{\"nodes\":[{\"name\":\"a\",\"type\":\"file\",\"generic_attributes\":{\"x\":")]
    public void That_nest_without_end_are_refused(string beginning) =>
        Assert.Equal(VaultFault.Damaged, Assert.Throws<VaultException>(() => Read(Encoding.UTF8.GetBytes(beginning + new string('[', 1_000_000)))).Fault);

    [Theory]
    [InlineData("b,a", "stands after a greater name")]
    [InlineData("a,a", "stands twice")]
    [InlineData("a,aa,a", "stands after a greater name")]
    [InlineData(",", "stands twice")]
    public void Whose_names_are_not_in_order_are_refused_or_told(string names, string why)
    {
        var json = Encoding.UTF8.GetBytes($"{{\"nodes\":[{string.Join(',', names.Split(',').Select(name => $"{{\"name\":\"{name}\"}}"))}]}}");
        Assert.Contains(why, Assert.Throws<VaultException>(() => Read(json)).Message, StringComparison.Ordinal);
        var reader = new TreeReader(anyOrder: true);
        reader.Begin(json);
        var orders = new List<NameOrder>();
        for (var node = new TreeNode(); reader.TryReadNext(node);)
        {
            orders.Add(reader.Order);
        }

        Assert.Equal(names.Split(',').Length, reader.Count);
        Assert.Equal(why.EndsWith("twice", StringComparison.Ordinal) ? NameOrder.Repeated : NameOrder.Descending, orders[^1]);
    }

    [Theory]
    [InlineData("", "no name")]
    [InlineData(".", "the folder itself")]
    [InlineData("..", "the folder above")]
    [InlineData("../../etc/passwd", "slash")]
    [InlineData("a\\\\x00", "zero")]
    [InlineData("\\\\x2f", "slash")]
    [InlineData("\\\\056.", "the folder above")]
    public void With_names_that_lead_elsewhere_can_be_listed_and_say_so(string name, string why)
    {
        var node = Assert.Single(Read(Encoding.UTF8.GetBytes($"{{\"nodes\":[{{\"name\":\"{name}\"}}]}}")));
        Assert.Contains(why, node.NameProblem, StringComparison.Ordinal);
        node.SetName(Enumerable.Repeat((byte)'x', 256).ToArray());
        Assert.Contains("256 bytes", node.NameProblem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"type\":\"file\"", null)]
    [InlineData("\"type\":\"later\"", "not known")]
    [InlineData("\"type\":\"dir\"", "without a tree")]
    [InlineData("\"type\":\"file\",\"subtree\":\"A\"", "is no folder")]
    [InlineData("\"type\":\"symlink\",\"content\":[\"A\"]", "is no file")]
    public void With_nodes_that_contradict_themselves_say_so(string fields, string? why)
    {
        var node = Assert.Single(Read(Encoding.UTF8.GetBytes($"{{\"nodes\":[{{\"name\":\"x\",{fields.Replace("A", new string('a', 64), StringComparison.Ordinal)}}}]}}")));
        Assert.Equal(why != null, node.KindProblem != null);
        Assert.Contains(why ?? "", node.KindProblem ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Are_copied_verbatim_where_nothing_has_changed()
    {
        var json = Samples.Read("restic-0.18", "tree.json");
        var reader = new TreeReader(anyOrder: false);
        reader.Begin(json);
        using var copy = new TreeWriter();
        for (var node = new TreeNode(); reader.TryReadNext(node);)
        {
            copy.AddVerbatim(node.Name, reader.RawNode.Span);
        }

        Assert.Equal(json, copy.Finish().ToArray());
        copy.Begin();
        Assert.Equal("{\"nodes\":[]}\n", Encoding.UTF8.GetString(copy.Finish().Span));
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "a")]
    [InlineData("aa", "a")]
    [InlineData("\u00e9", "z")]
    public void Are_only_written_in_order(string first, string second)
    {
        using var tree = new TreeWriter();
        var node = new TreeNode();
        node.SetName(Encoding.UTF8.GetBytes(first));
        tree.Add(node);
        node.SetName(Encoding.UTF8.GetBytes(second));
        Assert.Equal(VaultFault.Misuse, Assert.Throws<VaultException>(() => tree.Add(node)).Fault);
    }

    /// <summary>A million files are walked often: once warm, a node costs no memory but for what nodes rarely have.</summary>
    [Fact]
    public void Are_read_without_making_objects()
    {
        using var tree = new TreeWriter();
        var node = new TreeNode { Kind = NodeKind.File, User = "anna", Group = "users", Mode = 420, Size = 5, Inode = 7 };
        node.Content.Add(ObjectId.Of("x"u8));
        for (var at = 0; at < 10_000; at++)
        {
            node.SetName(Encoding.UTF8.GetBytes($"\"file\" {at:d6}"));
            tree.Add(node);
        }

        var json = tree.Finish();
        var reader = new TreeReader(anyOrder: false);
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (reader.Begin(json); reader.TryReadNext(node);)
            {
                Assert.False(node.Content is []);
            }

            Assert.Equal(10_000, reader.Count);
            Assert.True(round == 0 || GC.GetAllocatedBytesForCurrentThread() - before < 10_000, "a walk made objects for its nodes");
        }
    }

    private static List<TreeNode> Read(byte[] json, bool recognise = true)
    {
        var reader = new TreeReader(anyOrder: false) { Recognise = recognise };
        reader.Begin(json);
        var nodes = new List<TreeNode>();
        for (var node = new TreeNode(); reader.TryReadNext(node); node = new())
        {
            nodes.Add(node);
        }

        return nodes;
    }

    private static byte[] Rewritten(byte[] json, bool recognise)
    {
        using var tree = new TreeWriter();
        foreach (var node in Read(json, recognise))
        {
            tree.Add(node);
        }

        return tree.Finish().ToArray();
    }

    private static string? Outcome(byte[] json, bool recognise)
    {
        try
        {
            return Encoding.UTF8.GetString(Rewritten(json, recognise));
        }
        catch (VaultException refusal) when (refusal.Fault == VaultFault.Damaged)
        {
            return null;
        }
    }
}
