namespace Kedge.Vault.Format;

/// <summary>Snapshots as JSON, their fields in restic's order.</summary>
internal static class SnapshotText
{
    private const string What = "a snapshot";

    internal static SnapshotFile Parse(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json, What);
        var time = GoTime.None;
        (ObjectId? Parent, ObjectId? Tree, ObjectId? Original) ids = default;
        (IReadOnlyList<string> Paths, IReadOnlyList<string> Excludes, IReadOnlyList<string> Tags) lists = ([], [], []);
        (string Host, string User, string Program) texts = ("", "", "");
        (ulong User, ulong Group) owner = default;
        SnapshotSummary? summary = null;
        var unknown = new UnknownFields();
        if (fields.TryEnter())
        {
            while (fields.Next())
            {
                if (fields.Is("time"u8))
                {
                    time = fields.Time(GoTime.None);
                }
                else if (fields.Is("parent"u8))
                {
                    ids.Parent = fields.Id();
                }
                else if (fields.Is("tree"u8))
                {
                    ids.Tree = fields.Id();
                }
                else if (fields.Is("paths"u8))
                {
                    lists.Paths = fields.Texts();
                }
                else if (fields.Is("hostname"u8))
                {
                    texts.Host = fields.Text("");
                }
                else if (fields.Is("username"u8))
                {
                    texts.User = fields.Text("");
                }
                else if (fields.Is("uid"u8))
                {
                    owner.User = fields.Number(uint.MaxValue);
                }
                else if (fields.Is("gid"u8))
                {
                    owner.Group = fields.Number(uint.MaxValue);
                }
                else if (fields.Is("excludes"u8))
                {
                    lists.Excludes = fields.Texts();
                }
                else if (fields.Is("tags"u8))
                {
                    lists.Tags = fields.Texts();
                }
                else if (fields.Is("original"u8))
                {
                    ids.Original = fields.Id();
                }
                else if (fields.Is("program_version"u8))
                {
                    texts.Program = fields.Text("");
                }
                else if (fields.Is("summary"u8))
                {
                    summary = fields.TryEnter() ? SnapshotSummaryText.Parse(ref fields) : null;
                }
                else
                {
                    unknown.Add(fields.RawName, fields.Raw());
                }
            }
        }

        fields.End();
        return new()
        {
            Time = time,
            Parent = ids.Parent,
            Tree = ids.Tree ?? throw VaultException.Damaged($"{What} without a tree"),
            Paths = lists.Paths,
            Hostname = texts.Host,
            Username = texts.User,
            UserId = (uint)owner.User,
            GroupId = (uint)owner.Group,
            Excludes = lists.Excludes,
            Tags = lists.Tags,
            Original = ids.Original,
            ProgramVersion = texts.Program,
            Summary = summary,
            Unknown = unknown,
        };
    }

    internal static byte[] Write(SnapshotFile snapshot)
    {
        using var buffer = new JsonBuffer(1024);
        buffer.Append("{\"time\":"u8);
        buffer.AppendTime(snapshot.Time);
        AppendId(buffer, ",\"parent\":"u8, snapshot.Parent);
        AppendId(buffer, ",\"tree\":"u8, snapshot.Tree);
        buffer.Append(",\"paths\":"u8);
        buffer.AppendTexts(snapshot.Paths);
        AppendText(buffer, ",\"hostname\":"u8, snapshot.Hostname);
        AppendText(buffer, ",\"username\":"u8, snapshot.Username);
        AppendNumber(buffer, ",\"uid\":"u8, snapshot.UserId);
        AppendNumber(buffer, ",\"gid\":"u8, snapshot.GroupId);
        AppendTexts(buffer, ",\"excludes\":"u8, snapshot.Excludes);
        AppendTexts(buffer, ",\"tags\":"u8, snapshot.Tags);
        AppendId(buffer, ",\"original\":"u8, snapshot.Original);
        AppendText(buffer, ",\"program_version\":"u8, snapshot.ProgramVersion);
        if (snapshot.Summary is { } summary)
        {
            buffer.Append(",\"summary\":"u8);
            SnapshotSummaryText.Write(summary, buffer);
        }

        snapshot.Unknown.WriteTo(buffer);
        buffer.Append('}');
        return buffer.ToArray();
    }

    private static void AppendId(JsonBuffer buffer, ReadOnlySpan<byte> name, ObjectId? id)
    {
        if (id is { } some)
        {
            buffer.Append(name);
            buffer.AppendId(some);
        }
    }

    private static void AppendText(JsonBuffer buffer, ReadOnlySpan<byte> name, string text)
    {
        if (text.Length > 0)
        {
            buffer.Append(name);
            buffer.AppendText(text);
        }
    }

    private static void AppendNumber(JsonBuffer buffer, ReadOnlySpan<byte> name, ulong number)
    {
        if (number != 0)
        {
            buffer.Append(name);
            buffer.AppendNumber(number);
        }
    }

    private static void AppendTexts(JsonBuffer buffer, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            buffer.Append(name);
            buffer.AppendTexts(texts);
        }
    }
}
