using System.Text;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Format;

namespace Kedge.Vault.Tests.Fuzz;

/// <summary>Everything that reads what a stranger may have written, with real objects to begin from.</summary>
internal static class Parsers
{
    /// <summary>Of what decompresses.</summary>
    private const int Limit = 1 << 18;

    private static readonly string[] Small = ["config.json", "key.json", "lock.json", "snapshot.json"];

    public static readonly IReadOnlyDictionary<string, Parser> All = new Dictionary<string, Parser>
    {
        ["config"] = new(Sampled("config.json"), json => Again(VaultConfig.Parse(json).Write(), back => VaultConfig.Parse(back).Write())),
        ["key"] = new([.. Sampled("key.json"), CheapKey()], Key),
        ["master key"] = new([MasterKeyJson()], json => MasterKeyText.Parse(json).Dispose()),
        ["lock"] = new(Sampled("lock.json"), json => Again(LockFile.Parse(json).Write(), back => LockFile.Parse(back).Write())),
        ["snapshot"] = new(Sampled("snapshot.json"), json => Again(SnapshotFile.Parse(json).Write(), back => SnapshotFile.Parse(back).Write())),
        ["unpacked content"] = new([.. Sampled("lock.stored.hex"), .. Sampled("snapshot.stored.hex"), .. Sampled("index.stored.hex")], Unpacked, Limit * 4),
        ["pack header"] = new([.. Samples.Writers.SelectMany(Samples.Headers).Select(header => header.Header)], Header),
        ["pack trailer"] = new([[.. new byte[200], 100, 0, 0, 0]], Trailer),
        ["index"] = new([.. Sampled("index.json"), MarkedIndex()], Index),
        ["tree"] = new([.. Sampled("tree.json"), .. Enumerable.Range(0, 20).Select(Tree)], Tree),
        ["time"] = new([.. new[] { "2026-11-25T11:15:04.072356246+01:00", "0000-01-01T00:00:00Z" }.Select(Encoding.ASCII.GetBytes)], Time),
        ["small file of another kind"] = new([.. Small.SelectMany(Sampled)], json => Again(SnapshotFile.Parse(json).Write(), back => SnapshotFile.Parse(back).Write())),
    };

    private static byte[][] Sampled(string name) => [.. Samples.Writers.Select(writer => Samples.Read(writer, name))];

    /// <summary>What was read once and written is read again as the same.</summary>
    private static void Again(byte[] written, Func<byte[], byte[]> rewrite) => Require(rewrite(written).AsSpan().SequenceEqual(written), "what was written reads back as something else");

    private static void Key(byte[] json)
    {
        var key = KeyFile.Parse(json);
        Again(key.Write(), back => KeyFile.Parse(back).Write());
        if (key.Cost.N * key.Cost.R * key.Cost.P < 1 << 10)
        {
            key.TryOpen("x")?.Dispose();
        }
    }

    private static void Unpacked(byte[] stored)
    {
        using var content = new UnpackedContent(2);
        Require(content.Decode(stored, Limit).Length <= Limit, "more than was allowed");
    }

    private static void Header(byte[] header)
    {
        // Of a length that fits, so that more than the last check is reached; and then of one that does not.
        var entries = new List<BlobEntry>();
        for (var at = 0; at < header.Length - 5; at += header[at] < 2 ? PackHeader.PlainEntrySize : PackHeader.EntrySize)
        {
            entries.Add(new(default, 0, BitConverter.ToUInt32(header, at + 1), 0));
        }

        var packLength = entries.Sum(entry => (long)entry.Length) + header.Length + Sealing.Overhead + PackHeader.TrailerSize;
        entries.Clear();
        PackHeader.Decode(header, packLength, entries);
        var again = new byte[PackHeader.SizeOf(entries.ToArray())];
        PackHeader.Encode(entries.ToArray(), again);
        Require(again.AsSpan().SequenceEqual(header), "a header was read as something else");
    }

    private static void Trailer(byte[] pack)
    {
        if (pack.Length >= PackHeader.TrailerSize)
        {
            var size = PackHeader.SealedSizeFrom(pack.AsSpan(^PackHeader.TrailerSize..), pack.Length);
            Require(size + PackHeader.TrailerSize < pack.Length, "a header longer than its pack");
        }
    }

    private static void Index(byte[] json)
    {
        string? slow = null;
        using var index = new IndexWriter();
        try
        {
            IndexReader.Read(json, index, recognise: false);
            slow = Encoding.UTF8.GetString(index.Finish());
        }
        catch (VaultException)
        {
            // The fast reader has to refuse it too: below.
        }

        using var recognised = new IndexWriter();
        IndexReader.Read(json, recognised);
        Require(slow == Encoding.UTF8.GetString(recognised.Finish()), "both speeds differ");
    }

    private static void Tree(byte[] json)
    {
        string? slow = null;
        try
        {
            slow = Rewritten(json, recognise: false);
        }
        catch (VaultException)
        {
            // The fast reader has to refuse it too: below.
        }

        Require(slow == Rewritten(json, recognise: true), "both speeds differ");
    }

    private static void Time(byte[] text)
    {
        if (!GoTime.TryParse(text, out var time))
        {
            throw new VaultException(VaultFault.Damaged, "no time");
        }

        Require(GoTime.TryParse(Encoding.ASCII.GetBytes(time.ToString()), out var again) && again.EqualsExactly(time), "a time was read as another");
    }

    private static string Rewritten(byte[] json, bool recognise)
    {
        var reader = new TreeReader(anyOrder: false) { Recognise = recognise };
        using var tree = new TreeWriter();
        reader.Begin(json);
        for (var node = new TreeNode(); reader.TryReadNext(node);)
        {
            Require(node.NameProblem != null || (node.Name.Length is > 0 and < 256 && !node.Name.Contains((byte)'/')), "a name that leads elsewhere");
            tree.Add(node);
        }

        return Encoding.UTF8.GetString(tree.Finish().Span);
    }

    private static byte[] Tree(int seed)
    {
        var any = new AnyNode(new Random(seed));
        using var tree = new TreeWriter();
        foreach (var name in any.Names(1 + (seed % 5)))
        {
            tree.Add(any.Next(name));
        }

        return tree.Finish().ToArray();
    }

    private static byte[] MarkedIndex()
    {
        using var index = new IndexWriter();
        IndexReader.Read(Samples.Read("restic-0.18", "index.json"), index);
        index.Superseded(ObjectId.Of("a"u8));
        index.BeginMarkedPack(ObjectId.Of("b"u8), new(1_700_000_000, 0, 60));
        index.Blob(new(new(BlobKind.Tree, ObjectId.Of("c"u8)), 0, 100, 0));
        index.EndPack();
        return index.Finish();
    }

    private static byte[] CheapKey()
    {
        using var key = MasterKey.Create();
        return KeyFile.Create("x", key, new(GoTime.None, "anna", "harbour"), new(16, 1, 1)).Write();
    }

    private static byte[] MasterKeyJson()
    {
        using var key = MasterKey.Create();
        var json = new byte[MasterKeyText.Length];
        MasterKeyText.Write(key, json);
        return json;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}

/// <summary>A reader of bytes, and what to try on it.</summary>
/// <param name="Originals">Real objects, which it accepts.</param>
/// <param name="Read">Throws a <see cref="VaultException"/> where the bytes are damaged, and anything else where a promise is broken.</param>
/// <param name="Spare">Bytes of memory that it may take whatever the length of its input.</param>
internal sealed record Parser(IReadOnlyList<byte[]> Originals, Action<byte[]> Read, long Spare = 0);
