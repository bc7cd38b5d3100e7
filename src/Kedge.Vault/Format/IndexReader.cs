namespace Kedge.Vault.Format;

/// <summary>
/// Reads an index: <c>{"packs":[{"id":…,"blobs":[{"id":…,"type":…,"offset":…,"length":…,"uncompressed_length":…},…]},…]}</c>
/// (restic, doc/design.rst "Indexing"), with fields in any order. Loading a large vault is mostly this, so that what restic
/// and we write is recognised byte for byte, and only what looks otherwise is taken apart slowly.
/// </summary>
internal static class IndexReader
{
    private const string What = "an index";

    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>, also where a field stands twice.</exception>
    internal static void Read(ReadOnlySpan<byte> json, IIndexSink sink) => Read(json, sink, recognise: true);

    /// <param name="recognise">False to take all of it apart slowly, so that tests can compare.</param>
    internal static void Read(ReadOnlySpan<byte> json, IIndexSink sink, bool recognise)
    {
        var cursor = new JsonCursor(json, What);
        var seen = 0;
        cursor.Take('{');
        if (!cursor.TryTake('}'))
        {
            do
            {
                var name = cursor.TakeName();
                if (name.SequenceEqual("packs"u8))
                {
                    Once(ref cursor, ref seen, 1);
                    ReadPacks(ref cursor, sink, marked: false, recognise);
                }
                else if (name.SequenceEqual("packs_to_delete"u8))
                {
                    Once(ref cursor, ref seen, 2);
                    ReadPacks(ref cursor, sink, marked: true, recognise);
                }
                else if (name.SequenceEqual("supersedes"u8))
                {
                    Once(ref cursor, ref seen, 4);
                    ReadSuperseded(ref cursor, sink);
                }
                else
                {
                    cursor.TakeValue();
                }
            }
            while (cursor.TryTake(','));
            cursor.Take('}');
        }

        cursor.End();
    }

    private static void ReadSuperseded(ref JsonCursor cursor, IIndexSink sink)
    {
        if (cursor.TryTakeNull())
        {
            return;
        }

        cursor.Take('[');
        if (cursor.TryTake(']'))
        {
            return;
        }

        do
        {
            sink.Superseded(cursor.TakeId());
        }
        while (cursor.TryTake(','));
        cursor.Take(']');
    }

    private static void ReadPacks(ref JsonCursor cursor, IIndexSink sink, bool marked, bool recognise)
    {
        if (cursor.TryTakeNull())
        {
            return;
        }

        cursor.Take('[');
        if (cursor.TryTake(']'))
        {
            return;
        }

        do
        {
            if (recognise && !marked && IndexShape.TryTakePack(ref cursor, out var id))
            {
                sink.BeginPack(id);
                ReadBlobs(ref cursor, sink, recognise);
                EndPack(ref cursor);
                sink.EndPack();
            }
            else
            {
                ReadPack(ref cursor, sink, marked, recognise);
            }
        }
        while (cursor.TryTake(','));
        cursor.Take(']');
    }

    /// <summary>After a pack's id and blobs: rustic adds a time and a size.</summary>
    private static void EndPack(ref JsonCursor cursor)
    {
        while (cursor.TryTake(','))
        {
            var name = cursor.TakeName();
            if (name.SequenceEqual("id"u8) || name.SequenceEqual("blobs"u8))
            {
                throw Twice(ref cursor);
            }

            cursor.TakeValue();
        }

        cursor.Take('}');
    }

    /// <summary>Looks for the id and the time first, wherever they are, and then at the blobs.</summary>
    private static void ReadPack(ref JsonCursor cursor, IIndexSink sink, bool marked, bool recognise)
    {
        ObjectId? id = null;
        var time = GoTime.None;
        int seen = 0, blobs = -1;
        cursor.Take('{');
        if (!cursor.TryTake('}'))
        {
            do
            {
                var name = cursor.TakeName();
                if (name.SequenceEqual("id"u8))
                {
                    Once(ref cursor, ref seen, 1);
                    id = cursor.TakeId();
                }
                else if (name.SequenceEqual("blobs"u8))
                {
                    Once(ref cursor, ref seen, 2);
                    blobs = cursor.Position;
                    cursor.TakeValue();
                }
                else if (marked && name.SequenceEqual("time"u8))
                {
                    Once(ref cursor, ref seen, 4);
                    time = cursor.TryTakeNull() ? time : cursor.TakeTime();
                }
                else
                {
                    cursor.TakeValue();
                }
            }
            while (cursor.TryTake(','));
            cursor.Take('}');
        }

        if (id is not { } pack)
        {
            throw cursor.Wrong("a pack with an id, before");
        }

        if (marked)
        {
            sink.BeginMarkedPack(pack, time);
        }
        else
        {
            sink.BeginPack(pack);
        }

        if (blobs >= 0)
        {
            var after = cursor.Position;
            cursor.Position = blobs;
            if (!cursor.TryTakeNull())
            {
                cursor.Take('[');
                ReadBlobs(ref cursor, sink, recognise);
            }

            cursor.Position = after;
        }

        sink.EndPack();
    }

    /// <summary>After the bracket.</summary>
    private static void ReadBlobs(ref JsonCursor cursor, IIndexSink sink, bool recognise)
    {
        if (cursor.TryTake(']'))
        {
            return;
        }

        do
        {
            if (!recognise || !IndexShape.TryTakeBlob(ref cursor, out var entry))
            {
                entry = TakeBlob(ref cursor);
            }

            sink.Blob(in entry);
        }
        while (cursor.TryTake(','));
        cursor.Take(']');
    }

    private static BlobEntry TakeBlob(ref JsonCursor cursor)
    {
        const int all = 1 + 2 + 4 + 8;
        ObjectId id = default;
        BlobKind kind = default;
        ulong offset = 0, length = 0, plainLength = 0;
        var seen = 0;
        cursor.Take('{');
        if (!cursor.TryTake('}'))
        {
            do
            {
                var name = cursor.TakeName();
                if (name.SequenceEqual("id"u8))
                {
                    Once(ref cursor, ref seen, 1);
                    id = cursor.TakeId();
                }
                else if (name.SequenceEqual("type"u8))
                {
                    Once(ref cursor, ref seen, 2);
                    var type = cursor.TakeText();
                    kind = type.SequenceEqual("data"u8) ? BlobKind.Data : type.SequenceEqual("tree"u8) ? BlobKind.Tree : throw cursor.Wrong("data or tree, before");
                }
                else if (name.SequenceEqual("offset"u8))
                {
                    Once(ref cursor, ref seen, 4);
                    offset = cursor.TakeNumber(uint.MaxValue);
                }
                else if (name.SequenceEqual("length"u8))
                {
                    Once(ref cursor, ref seen, 8);
                    length = cursor.TakeNumber(uint.MaxValue);
                }
                else if (name.SequenceEqual("uncompressed_length"u8))
                {
                    Once(ref cursor, ref seen, 16);
                    plainLength = cursor.TakeNumber(uint.MaxValue);
                }
                else
                {
                    cursor.TakeValue();
                }
            }
            while (cursor.TryTake(','));
            cursor.Take('}');
        }

        return (seen & all) == all && IndexShape.CanBe(offset, length)
            ? new(new(kind, id), (uint)offset, (uint)length, (uint)plainLength)
            : throw cursor.Wrong("a blob with an id, a type, and a place in a pack, before");
    }

    private static void Once(ref JsonCursor cursor, ref int seen, int field)
    {
        if ((seen & field) != 0)
        {
            throw Twice(ref cursor);
        }

        seen |= field;
    }

    private static VaultException Twice(ref JsonCursor cursor) => cursor.Wrong("a field that was not there yet");
}
