using Kedge.Drivers.PostgreSql.Server;
using NpgsqlTypes;

namespace Kedge.Drivers.PostgreSql.Standby;

/// <summary>
/// Brings a data folder to where it can follow the new primary: as it is, where it has nothing of its own; by
/// <c>pg_rewind</c>; or rebuilt with <c>pg_basebackup</c>. A mark beside the folder says while it is in no usable state.
/// </summary>
internal sealed class StandbyBuilder(PostgresParts parts, PrimarySide primaries)
{
    private const string LogIsGone = "the primary no longer has the log that it needs";
    private static readonly TimeSpan Limit = TimeSpan.FromHours(6);

    private readonly DivergedLog diverged = new(parts);
    private readonly StandbySettings settings = new(parts);

    /// <summary>True where an earlier act was cut off while the folder was being changed.</summary>
    public static bool IsHalfDone(PostgresInstance instance) => File.Exists(MarkFile(instance));

    /// <summary>
    /// Prepares the folder, whose server is down. Returns how, for the journal; throws <see cref="DriverException"/>
    /// where neither way worked.
    /// </summary>
    /// <param name="rebuild">Why it must be rebuilt without trying anything else; null to try.</param>
    public async Task<string> PrepareAsync(
        PostgresInstance old, PostgresInstance primary, PrimaryState state, string run, string? rebuild, CancellationToken cancellation)
    {
        await parts.Control.MakeSideFolderAsync(old, cancellation);
        if (PostgresDataFolder.Describe(old.Data) is not { } folder)
        {
            return await BuildAsync(old, primary, run, "there was no data folder", cancellation);
        }

        if (IsHalfDone(old))
        {
            return await BuildAsync(old, primary, run, "an earlier attempt was cut off half way", cancellation);
        }

        if (folder.SystemIdentifier?.ToString() != state.SystemIdentifier)
        {
            return await BuildAsync(old, primary, run, "its data was of another cluster", cancellation);
        }

        var control = await parts.Tools.ReadControlFileAsync(old, cancellation);
        var own = TimelineHistory.OfFolder(old.Data, control);
        var fork = own.ForkFrom(state.History);
        var kept = fork is { } at && !folder.IsStandby ? await diverged.KeepAsync(old, run, at, own.Timeline, cancellation) : null;
        await settings.SaveAsync(old, cancellation);
        if (rebuild is not null)
        {
            return await BuildAsync(old, primary, run, rebuild, cancellation);
        }

        if (folder.IsStandby || HasNothingOwn(control, own, state, fork))
        {
            if (await IsLogGoneAsync(old, primary, cancellation))
            {
                return await BuildAsync(old, primary, run, LogIsGone, cancellation);
            }

            await settings.ApplyAsync(old, primary, cancellation);
            return "it had nothing of its own: follows as it is";
        }

        if (fork is null)
        {
            return await BuildAsync(old, primary, run, "both copies were primaries of one timeline", cancellation);
        }

        return $"{await RewindOrBuildAsync(old, primary, run, cancellation)}{(kept is null ? "" : $"; its own log is kept in {kept.Folder}")}";
    }

    /// <summary>The standby streams: what was only needed in case of failure goes.</summary>
    public static void Finish(PostgresInstance instance) => StandbySettings.Forget(instance);

    private async Task<string> RewindOrBuildAsync(
        PostgresInstance old, PostgresInstance primary, string run, CancellationToken cancellation)
    {
        await primaries.CheckpointAsync(primary, cancellation);
        // It starts the server once, alone, to recover what a crash has left.
        ServerControl.ClearStaleLocks(old);
        Mark(old, "rewind");
        var password = old.Password is { } reference ? parts.Secrets.Read(reference) : null;
        var result = await parts.Tools.RunAsync(
            old, "pg_rewind",
            [
                "-D", old.Data,
                $"--source-server={StandbySettings.ConnectionText(primary, old.User, null, "kedge")} dbname='{primary.Database.Replace("'", "\\'", StringComparison.Ordinal)}'",
                .. old.ConfigFile is { } file ? [$"--config-file={file}"] : Array.Empty<string>(),
            ],
            Limit, password, cancellation);
        if (result.ExitCode != 0)
        {
            return await BuildAsync(old, primary, run, $"pg_rewind could not: {PostgresTools.LastLines(result.Output)}", cancellation);
        }

        if (await IsLogGoneAsync(old, primary, cancellation))
        {
            return await BuildAsync(old, primary, run, LogIsGone, cancellation);
        }

        await settings.ApplyAsync(old, primary, cancellation);
        File.Delete(MarkFile(old));
        return "rewound";
    }

    /// <summary>
    /// A rewound folder replays the primary's log from before the fork until it is consistent; where the primary has
    /// recycled that, the server would start, and wait for it for ever.
    /// </summary>
    private async Task<bool> IsLogGoneAsync(PostgresInstance old, PostgresInstance primary, CancellationToken cancellation) =>
        BackupLabel.FirstSegment(old.Data) is { } needed
        && string.CompareOrdinal(needed, await primaries.OldestSegmentAsync(primary, cancellation)) < 0;

    private async Task<string> BuildAsync(
        PostgresInstance old, PostgresInstance primary, string run, string why, CancellationToken cancellation)
    {
        await primaries.CheckpointAsync(primary, cancellation);
        var aside = await MoveAsideAsync(old, primary, run, cancellation);
        Mark(old, "build");
        await parts.Control.MakeFolderAsync(old, old.Data, cancellation);
        var password = old.ReplicationPassword is { } reference ? parts.Secrets.Read(reference) : null;
        await parts.Tools.DemandAsync(
            old, "pg_basebackup",
            [
                "-D", old.Data, "-h", primary.Host, "-p", primary.Port.ToString(), "-U", old.ReplicationUser, "-w",
                "-X", "stream", "-S", old.Slot, "--checkpoint=fast",
            ],
            Limit, password, cancellation);
        await settings.ApplyAsync(old, primary, cancellation);
        File.Delete(MarkFile(old));
        return $"rebuilt ({why}){aside}";
    }

    /// <summary>Moves what is at the data folder's place out of the way; deletes it only where there is no room for both.</summary>
    private async Task<string> MoveAsideAsync(
        PostgresInstance old, PostgresInstance primary, string run, CancellationToken cancellation)
    {
        if (!Directory.Exists(old.Data))
        {
            return "";
        }

        if (!Directory.EnumerateFileSystemEntries(old.Data).Any()
            || (IsHalfDone(old) && await File.ReadAllTextAsync(MarkFile(old), cancellation) == "build"))
        {
            Empty(old.Data);
            return "";
        }

        var needed = await primaries.SizeAsync(primary, cancellation);
        var aside = Path.Join(old.SideFolder, $"replaced-{Path.GetFileName(KeptAside.FolderFor(old, run))["diverged-".Length..]}");
        foreach (var earlier in Directory.EnumerateDirectories(old.SideFolder, "replaced-*").Order(StringComparer.Ordinal))
        {
            if (earlier == aside || new DriveInfo(old.SideFolder).AvailableFreeSpace < needed + (1L << 30))
            {
                Directory.Delete(earlier, recursive: true);
            }
        }

        if (new DriveInfo(old.SideFolder).AvailableFreeSpace < needed + (1L << 30))
        {
            Empty(old.Data);
            return "; its old data folder was deleted, there was no room for both";
        }

        // A rename: on the same file system it takes no room and no time.
        Directory.Move(old.Data, aside);
        return $"; its old data folder is {aside}";
    }

    private static void Empty(string folder)
    {
        foreach (var entry in Directory.EnumerateDirectories(folder))
        {
            Directory.Delete(entry, recursive: true);
        }

        foreach (var entry in Directory.EnumerateFiles(folder))
        {
            File.Delete(entry);
        }
    }

    /// <summary>True where it was stopped cleanly, and the new primary has replayed the checkpoint that its log ends with.</summary>
    private static bool HasNothingOwn(ControlFile control, TimelineHistory own, PrimaryState state, NpgsqlLogSequenceNumber? fork) =>
        control.IsCleanPrimary && control.Checkpoint < fork && state.History.Parts.Any(p => p.Timeline == own.Timeline);

    private static void Mark(PostgresInstance instance, string what)
    {
        using var stream = new FileStream(MarkFile(instance), FileMode.Create);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(what));
        stream.Flush(flushToDisk: true);
    }

    private static string MarkFile(PostgresInstance instance) => Path.Join(instance.SideFolder, "unfinished");
}
