using System.CommandLine;
using System.Globalization;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault;
using Kedge.Vault.Backup;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>What the snapshot that a backup makes shall say of itself, and how its content is stored.</summary>
internal sealed class NewSnapshotOptions
{
    private readonly Option<string[]> tags = new("--tag") { Description = "A tag for the snapshot, or several with commas between them. May be repeated.", HelpName = "TAG" };

    private readonly Option<string?> hostname = new("--host", "-H") { Description = "The host that it names (also: RESTIC_HOST). Default: this machine.", HelpName = "NAME" };

    private readonly Option<string?> time = new("--time") { Description = "The moment that it bears, as in '2026-11-01 22:08:41'. Default: now.", HelpName = "TIME" };

    private readonly Option<string?> parent = new("--parent") { Description = "The snapshot to compare with, by its id. Default: the newest of this host and these paths.", HelpName = "SNAPSHOT" };

    private readonly Option<string> groupBy = new("--group-by", "-g")
    {
        Description = "What the snapshot to compare with must have in common: host, paths, tags.",
        HelpName = "WHAT",
        DefaultValueFactory = _ => SnapshotGrouping.Usual.ToString(),
    };

    private readonly Option<bool> force = new("--force", "-f", "--read-all") { Description = "Read every file, also those that seem unchanged." };

    private readonly Option<bool> ignoreInode = new("--ignore-inode") { Description = "Files are unchanged although they have other inodes and times of change, as on file systems in user space." };

    private readonly Option<bool> ignoreChangeTime = new("--ignore-ctime") { Description = "Files are unchanged although they have other times of change." };

    private readonly Option<bool> withAccessTime = new("--with-atime") { Description = "Keep the times of last access." };

    private readonly Option<bool> skipIfUnchanged = new("--skip-if-unchanged") { Description = "Where nothing changed since the snapshot before, make none." };

    private readonly Option<string?> compression = new("--compression")
    {
        Description = "auto, max, off, or a level of zstd from -5 to 19 (also: RESTIC_COMPRESSION). Default: auto, which stores as it is what does not compress.",
        HelpName = "HOW",
    };

    private readonly Option<int?> threads = new("--read-concurrency") { Description = "How many threads read and compress. Default: what suits the machine.", HelpName = "N" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { tags, hostname, time, parent, groupBy, force, ignoreInode, ignoreChangeTime, withAccessTime, skipIfUnchanged, compression, threads })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>A wish without paths.</summary>
    public BackupWanted Begin(VaultCall call)
    {
        var holder = call.Holder;
        var wanted = new BackupWanted
        {
            Paths = [],
            Hostname = call.Get(hostname) ?? NotEmpty(call, "RESTIC_HOST") ?? holder.Hostname,
            Username = holder.Username,
            UserId = holder.UserId,
            GroupId = holder.GroupId,
            Tags = TagList.Flatten(call.Get(tags)!.Select(TagList.Parse)),
            Time = Moment(call),
            ReadAll = call.Get(force),
            IgnoreInode = call.Get(ignoreInode),
            IgnoreChangeTime = call.Get(ignoreInode) || call.Get(ignoreChangeTime),
            WithAccessTime = call.Get(withAccessTime),
            SkipIfUnchanged = call.Get(skipIfUnchanged),
            CompressionLevel = Level(call),
        };
        return call.Get(threads) is not { } count ? wanted
            : count is >= 1 and <= 256 ? wanted with { Threads = count }
            : throw VerbException.Usage($"--read-concurrency {count} is no number of threads", "1 to 256");
    }

    /// <summary>The snapshot to compare with; null where there is none, or all shall be read.</summary>
    public async Task<(ObjectId Id, SnapshotFile File)?> ParentAsync(VaultCall call, VaultRepository vault, BackupWanted wanted, CancellationToken cancellation)
    {
        if (wanted.ReadAll && !wanted.SkipIfUnchanged)
        {
            return null;
        }

        StoredSnapshot? found;
        if (call.Get(parent) is { } named && named != "latest")
        {
            found = (await SnapshotChoice.OneAsync(vault, named, SnapshotFilter.None, cancellation)).Snapshot;
        }
        else
        {
            var all = await SnapshotSurvey.ListAsync(vault, cancellation);
            foreach (var one in all.Damaged)
            {
                // The new snapshot is whole without it.
                call.Output.Remark(Styled.Warning($"the snapshot {one.Id.Short} cannot be read: {one.Problem.Message}"));
            }

            await call.Memory.SawAsync(all, cancellation);

            found = ParentChoice.For(wanted, all.Snapshots, SnapshotGrouping.Parse(call.Get(groupBy)!), call.Now);
        }

        if (call.Output.IsVerbose)
        {
            call.Output.Remark(found is null ? "no snapshot to compare with: every file is read" : $"compared with the snapshot {found.Id.Short}");
        }

        return found is null ? null : (found.Id, found.File);
    }

    private DateTimeOffset? Moment(VaultCall call) => call.Get(time) is not { } text || text == "now" ? null
        : TypedValues.Moment(text, call.Zone) ?? throw VerbException.Usage($"'{text}' is no time", "write it as in --time '2026-11-01 22:08:41'");

    private int Level(VaultCall call)
    {
        var text = call.Get(compression) ?? NotEmpty(call, "RESTIC_COMPRESSION") ?? "auto";
        return text switch
        {
            "auto" or "fastest" => BackupWanted.DefaultCompressionLevel,
            "better" => 3,
            "max" => 12,
            "off" => BackupWanted.NoCompression,
            _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var level) && level is >= -5 and <= 19 => level,
            _ => throw VerbException.Usage($"--compression {text} has no meaning", "auto, max, off, or a level of zstd from -5 to 19"),
        };
    }

    private static string? NotEmpty(VaultCall call, string name) => call.Host.Environment(name) is { Length: > 0 } text ? text : null;
}
