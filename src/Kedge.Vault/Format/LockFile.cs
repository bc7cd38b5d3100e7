namespace Kedge.Vault.Format;

/// <summary>Somebody is at work: the content of a file in <c>locks</c> (restic, doc/design.rst "Locks").</summary>
public sealed record LockFile
{
    /// <summary>When it was made or last refreshed.</summary>
    public required GoTime Time { get; init; }

    /// <summary>Whether nobody else may work in the vault meanwhile.</summary>
    public required bool Exclusive { get; init; }

    public required string Hostname { get; init; }

    public required string Username { get; init; }

    public required int ProcessId { get; init; }

    public uint UserId { get; init; }

    public uint GroupId { get; init; }

    /// <summary>When the holder began, however often it has refreshed the lock since: a field of ours, which restic ignores.
    /// Who writes it also keeps away from packs that are marked for removal. <see cref="GoTime.None"/> in restic's locks.</summary>
    public GoTime Began { get; init; } = GoTime.None;

    /// <summary>What only one holder at a time may do, as a word; empty where there is no such thing. A field of ours, which
    /// restic ignores.</summary>
    public string Purpose { get; init; } = "";

    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    public static LockFile Parse(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json, "a lock");
        var time = GoTime.None;
        var exclusive = false;
        (string Host, string User) names = ("", "");
        (ulong Process, ulong User, ulong Group) ids = default;
        (GoTime Began, string Purpose) ours = (GoTime.None, "");
        if (fields.TryEnter())
        {
            while (fields.Next())
            {
                if (fields.Is("time"u8))
                {
                    time = fields.Time(GoTime.None);
                }
                else if (fields.Is("exclusive"u8))
                {
                    exclusive = fields.Flag(false);
                }
                else if (fields.Is("hostname"u8))
                {
                    names.Host = fields.Text("");
                }
                else if (fields.Is("username"u8))
                {
                    names.User = fields.Text("");
                }
                else if (fields.Is("pid"u8))
                {
                    ids.Process = fields.Number(int.MaxValue);
                }
                else if (fields.Is("uid"u8))
                {
                    ids.User = fields.Number(uint.MaxValue);
                }
                else if (fields.Is("gid"u8))
                {
                    ids.Group = fields.Number(uint.MaxValue);
                }
                else if (fields.Is("kedge_began"u8))
                {
                    ours.Began = fields.Time(GoTime.None);
                }
                else if (fields.Is("kedge_purpose"u8))
                {
                    ours.Purpose = fields.Text("");
                }
                else
                {
                    fields.Raw();
                }
            }
        }

        fields.End();
        return new()
        {
            Time = time,
            Exclusive = exclusive,
            Hostname = names.Host,
            Username = names.User,
            ProcessId = (int)ids.Process,
            UserId = (uint)ids.User,
            GroupId = (uint)ids.Group,
            Began = ours.Began,
            Purpose = ours.Purpose,
        };
    }

    public byte[] Write()
    {
        using var buffer = new JsonBuffer(256);
        buffer.Append("{\"time\":"u8);
        buffer.AppendTime(Time);
        buffer.Append(",\"exclusive\":"u8);
        buffer.AppendFlag(Exclusive);
        buffer.Append(",\"hostname\":"u8);
        buffer.AppendText(Hostname);
        buffer.Append(",\"username\":"u8);
        buffer.AppendText(Username);
        buffer.Append(",\"pid\":"u8);
        buffer.AppendNumber((ulong)ProcessId);
        if (UserId != 0)
        {
            buffer.Append(",\"uid\":"u8);
            buffer.AppendNumber(UserId);
        }

        if (GroupId != 0)
        {
            buffer.Append(",\"gid\":"u8);
            buffer.AppendNumber(GroupId);
        }

        if (Began != GoTime.None)
        {
            buffer.Append(",\"kedge_began\":"u8);
            buffer.AppendTime(Began);
        }

        if (Purpose.Length > 0)
        {
            buffer.Append(",\"kedge_purpose\":"u8);
            buffer.AppendText(Purpose);
        }

        buffer.Append('}');
        return buffer.ToArray();
    }
}
