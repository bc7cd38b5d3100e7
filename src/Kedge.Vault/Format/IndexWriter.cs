namespace Kedge.Vault.Format;

/// <summary>
/// Writes an index as restic does. As a sink it takes what another index says: reading into it copies. Its memory is
/// pooled and grows with what was written.
/// </summary>
internal sealed class IndexWriter : IIndexSink, IDisposable
{
    private const int Capacity = 64 * 1024;

    private readonly JsonBuffer packs = new(Capacity);
    private readonly List<ObjectId> superseded = [];
    private JsonBuffer? marked;
    private JsonBuffer? current;
    private bool isFirstBlob;

    /// <summary>Of all packs, the marked ones too.</summary>
    public int BlobCount { get; private set; }

    /// <summary>The marked ones too.</summary>
    public int PackCount { get; private set; }

    public void BeginPack(ObjectId pack) => Begin(packs, pack);

    public void BeginMarkedPack(ObjectId pack, GoTime time)
    {
        Begin(marked ??= new(Capacity), pack, time);
    }

    public void Blob(in BlobEntry entry)
    {
        var buffer = current ?? throw new InvalidOperationException("No pack was begun.");
        buffer.Append(isFirstBlob ? "{\"id\":"u8 : ",{\"id\":"u8);
        buffer.AppendId(entry.Name.Id);
        buffer.Append(entry.Name.Kind == BlobKind.Tree ? ",\"type\":\"tree\",\"offset\":"u8 : ",\"type\":\"data\",\"offset\":"u8);
        buffer.AppendNumber(entry.Offset);
        buffer.Append(",\"length\":"u8);
        buffer.AppendNumber(entry.Length);
        if (entry.IsCompressed)
        {
            buffer.Append(",\"uncompressed_length\":"u8);
            buffer.AppendNumber(entry.PlainLength);
        }

        buffer.Append('}');
        isFirstBlob = false;
        BlobCount++;
    }

    /// <summary>A pack and all its blobs.</summary>
    public void AddPack(ObjectId pack, ReadOnlySpan<BlobEntry> blobs)
    {
        BeginPack(pack);
        foreach (ref readonly var blob in blobs)
        {
            Blob(blob);
        }

        EndPack();
    }

    public void EndPack()
    {
        (current ?? throw new InvalidOperationException("No pack was begun.")).Append("]}"u8);
        current = null;
    }

    public void Superseded(ObjectId index) => superseded.Add(index);

    /// <summary>The whole index, and a new beginning: nothing of it is in the next.</summary>
    public byte[] Finish()
    {
        if (current != null)
        {
            throw new InvalidOperationException("A pack was not ended.");
        }

        using var whole = new JsonBuffer(packs.Length + (marked?.Length ?? 0) + (superseded.Count * 70) + 128);
        whole.Append('{');
        for (var at = 0; at < superseded.Count; at++)
        {
            whole.Append(at == 0 ? "\"supersedes\":["u8 : ","u8);
            whole.AppendId(superseded[at]);
        }

        whole.Append(superseded.Count == 0 ? "\"packs\":["u8 : "],\"packs\":["u8);
        whole.Append(packs.Written.Span);
        whole.Append(']');
        if (marked is { Length: > 0 })
        {
            whole.Append(",\"packs_to_delete\":["u8);
            whole.Append(marked.Written.Span);
            whole.Append(']');
        }

        // Go's encoder ends with one.
        whole.Append("}\n"u8);
        packs.Clear();
        marked?.Clear();
        superseded.Clear();
        (BlobCount, PackCount) = (0, 0);
        return whole.ToArray();
    }

    public void Dispose()
    {
        packs.Dispose();
        marked?.Dispose();
    }

    private void Begin(JsonBuffer buffer, ObjectId pack, GoTime? time = null)
    {
        if (current != null)
        {
            throw new InvalidOperationException("A pack was not ended.");
        }

        buffer.Append(buffer.Length == 0 ? "{\"id\":"u8 : ",{\"id\":"u8);
        buffer.AppendId(pack);
        if (time is { } at)
        {
            buffer.Append(",\"time\":"u8);
            buffer.AppendTime(at);
        }

        buffer.Append(",\"blobs\":["u8);
        (current, isFirstBlob) = (buffer, true);
        PackCount++;
    }
}
