using System.Text;

namespace Kedge.Drivers.PostgreSql.Standby;

/// <summary>
/// The configuration inside a data folder. <c>pg_rewind</c> and <c>pg_basebackup</c> overwrite it with the other
/// site's: it is saved beside the folder before, and put back after, with what a standby needs in
/// <c>postgresql.auto.conf</c>. The saved files stay until the standby streams, so that an act that was cut off finds
/// them again.
/// </summary>
internal sealed class StandbySettings(PostgresParts parts)
{
    private const string AutoFile = "postgresql.auto.conf";

    /// <summary>Set by Kedge; a line with one of these names is replaced, all others stay as they were.</summary>
    private static readonly string[] Managed =
    [
        "primary_conninfo", "primary_slot_name", "recovery_target_timeline", "hot_standby", "wal_retrieve_retry_interval",
        "synchronous_standby_names", "max_slot_wal_keep_size",
    ];

    /// <summary>Copies the configuration beside the data folder; nothing where an earlier act did so already.</summary>
    public async Task SaveAsync(PostgresInstance instance, CancellationToken cancellation)
    {
        var saved = SavedFolder(instance);
        if (Directory.Exists(saved) || !Directory.Exists(instance.Data))
        {
            return;
        }

        var half = saved + ".part";
        if (Directory.Exists(half))
        {
            Directory.Delete(half, recursive: true);
        }

        await parts.Control.MakeFolderAsync(instance, half, cancellation);
        foreach (var file in Files(instance.Data))
        {
            var copy = Path.Join(half, Path.GetRelativePath(instance.Data, file));
            if (!Directory.Exists(Path.GetDirectoryName(copy)))
            {
                await parts.Control.MakeFolderAsync(instance, Path.GetDirectoryName(copy)!, cancellation);
            }

            File.Copy(file, copy);
        }

        Directory.Move(half, saved);
    }

    /// <summary>Puts the saved configuration back, and makes the folder that of a standby of <paramref name="primary"/>.</summary>
    public async Task ApplyAsync(PostgresInstance instance, PostgresInstance primary, CancellationToken cancellation)
    {
        var saved = SavedFolder(instance);
        if (Directory.Exists(saved))
        {
            foreach (var file in Files(saved))
            {
                await WriteAsync(instance, Path.GetRelativePath(saved, file), await File.ReadAllTextAsync(file, cancellation), cancellation);
            }
        }

        var password = instance.ReplicationPassword is { } reference ? parts.Secrets.Read(reference) : null;
        await SetAsync(instance, new()
        {
            ["primary_conninfo"] = ConnectionText(primary, instance.ReplicationUser, password, instance.Slot),
            ["primary_slot_name"] = instance.Slot,
            ["recovery_target_timeline"] = "latest",
            ["hot_standby"] = "on",
            ["wal_retrieve_retry_interval"] = "100ms",
            ["synchronous_standby_names"] = "",
            ["max_slot_wal_keep_size"] = $"{instance.SlotLimit >> 20}MB",
        }, cancellation);
        await WriteAsync(instance, "standby.signal", "", cancellation);
        File.Delete(Path.Join(instance.Data, "recovery.signal"));
    }

    /// <summary>Takes the named synchronous standbys away from a server that is down: none is there when it starts.</summary>
    public Task FreeOfStandbysAsync(PostgresInstance instance, CancellationToken cancellation) =>
        SetAsync(instance, new() { ["synchronous_standby_names"] = "" }, cancellation);

    /// <summary>Forgets the saved files, once they are in their place and the standby streams.</summary>
    public static void Forget(PostgresInstance instance)
    {
        if (Directory.Exists(SavedFolder(instance)))
        {
            Directory.Delete(SavedFolder(instance), recursive: true);
        }
    }

    /// <summary>A connection string of libpq.</summary>
    /// <param name="password">Null where none is to be in it.</param>
    /// <param name="name">The application name; null for none.</param>
    public static string ConnectionText(PostgresInstance to, string user, string? password, string? name)
    {
        (string Key, string? Value)[] pairs =
        [
            ("host", to.Host), ("port", to.Port.ToString()), ("user", user), ("password", password), ("application_name", name),
            ("connect_timeout", "5"),
        ];
        return string.Join(' ', pairs
            .Where(p => p.Value is not null)
            .Select(p => $"{p.Key}='{p.Value!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'"));
    }

    private async Task SetAsync(PostgresInstance instance, Dictionary<string, string> settings, CancellationToken cancellation)
    {
        var file = Path.Join(instance.Data, AutoFile);
        var kept = (File.Exists(file) ? await File.ReadAllLinesAsync(file, cancellation) : [])
            .Where(l => Name(l) is not { } name || !(settings.ContainsKey(name) || (settings.Count > 1 && Managed.Contains(name))));
        var text = new StringBuilder();
        foreach (var line in kept.Concat(settings.Select(s => $"{s.Key} = '{Escape(s.Value)}'")))
        {
            text.Append(line).Append('\n');
        }

        await WriteAsync(instance, AutoFile, text.ToString(), cancellation);
    }

    /// <summary>Writes into a file that belongs to the server's user, made where there is none, and syncs it.</summary>
    private async Task WriteAsync(PostgresInstance instance, string name, string text, CancellationToken cancellation)
    {
        var file = Path.Join(instance.Data, name);
        if (!File.Exists(file))
        {
            await parts.Tools.MakeFileAsync(instance, file, cancellation);
        }

        await using var stream = new FileStream(file, FileMode.Truncate, FileAccess.Write);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>In configuration files, unlike in SQL, a backslash escapes, too.</summary>
    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);

    private static string? Name(string line) =>
        line.Split('=', 2) is [var name, _] && !name.TrimStart().StartsWith('#') ? name.Trim() : null;

    private static string SavedFolder(PostgresInstance instance) => Path.Join(instance.SideFolder, "settings");

    private static IEnumerable<string> Files(string folder)
    {
        var more = Path.Join(folder, "conf.d");
        return Directory.EnumerateFiles(folder)
            .Where(f => Path.GetExtension(f) is ".conf" or ".crt" or ".key" or ".pem")
            .Concat(Directory.Exists(more) ? Directory.EnumerateFiles(more) : []);
    }
}
