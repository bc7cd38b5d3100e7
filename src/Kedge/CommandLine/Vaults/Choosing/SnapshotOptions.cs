using System.CommandLine;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>restic's three options that say which snapshots are meant.</summary>
internal sealed class SnapshotOptions
{
    private readonly Option<string[]> hosts;
    private readonly Option<string[]> tags;
    private readonly Option<string[]> paths;

    /// <param name="what">As the end of a sentence: <c>Only snapshots</c>, or <c>The latest</c>.</param>
    /// <param name="hasShortHost">False for <c>forget</c>, where <c>-H</c> is another option.</param>
    public SnapshotOptions(string what, bool hasShortHost = true)
    {
        hosts = new("--host", hasShortHost ? ["-H"] : []) { Description = $"{what} of this host (also: RESTIC_HOST). May be repeated: one of them.", HelpName = "NAME" };
        tags = new("--tag") { Description = $"{what} with this tag, or with all of several that have commas between them. May be repeated: one of these lists.", HelpName = "TAG" };
        paths = new("--path") { Description = $"{what} with this path in it, as kedge vault snapshots shows it. May be repeated: all of them.", HelpName = "PATH" };
    }

    public void AddTo(Command command)
    {
        command.Options.Add(hosts);
        command.Options.Add(tags);
        command.Options.Add(paths);
    }

    public SnapshotFilter Read(VaultCall call)
    {
        var given = call.Get(hosts)!;
        return new()
        {
            Hosts = given.Length > 0 ? given : call.Host.Environment("RESTIC_HOST") is { Length: > 0 } host ? [host] : [],
            Tags = [.. call.Get(tags)!.Select(TagList.Parse)],
            Paths = [.. call.Get(paths)!.Select(p => System.IO.Path.GetFullPath(p, call.Host.Folder))],
        };
    }

    /// <summary>The snapshot that a person means, among those that the options let through.</summary>
    public async Task<ChosenSnapshot> OneAsync(VaultCall call, VaultRepository vault, string reference, CancellationToken cancellation)
    {
        var chosen = await SnapshotChoice.OneAsync(vault, reference, Read(call), cancellation);
        TellDamaged(call, chosen.Damaged);
        return chosen;
    }

    /// <summary>The snapshots that a person names; all that the options let through where none are named.</summary>
    public async Task<SnapshotList> ManyAsync(VaultCall call, VaultRepository vault, IReadOnlyCollection<string> references, CancellationToken cancellation)
    {
        var list = await SnapshotChoice.ManyAsync(vault, references, Read(call), cancellation);
        TellDamaged(call, list.Damaged);
        return list;
    }

    /// <summary>Tells of snapshots that could not be read, and so may have been meant: the command does not end as if all were well.</summary>
    public static void TellDamaged(VaultCall call, IReadOnlyCollection<DamagedSnapshot> damaged)
    {
        foreach (var one in damaged)
        {
            call.Output.Problem($"snapshot {one.Id.Short}", $"cannot be read: {one.Problem.Message}", "load");
        }

        call.UnreadSnapshots += damaged.Count;
    }
}
