namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// A folder on a disk that keeps only what it must: contents up to a file's last sync, names up to their folder's last sync.
/// </summary>
internal sealed class UnsyncedDisk
{
    private readonly Dictionary<string, TracedFile> durable = [];
    private readonly Dictionary<string, TracedFile> visible = [];
    private readonly List<(string Folder, string Name, TracedFile? File)> unsynced = [];

    /// <summary>Begins with what is in a folder, all of it durable.</summary>
    internal UnsyncedDisk(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var file = new TracedFile { Content = File.ReadAllBytes(path) };
            file.Sync();
            durable[path] = visible[path] = file;
        }
    }

    internal void Take(TracedCall call)
    {
        switch (call.Kind)
        {
            case TracedKind.Create:
                Name(call.Path, new());
                break;
            case TracedKind.Write:
                visible[call.Path].Write(call.Offset, call.Bytes!);
                break;
            case TracedKind.Rename:
                var file = visible[call.Path];
                Name(call.Path, null);
                Name(call.To, file);
                break;
            case TracedKind.Remove:
                Name(call.Path, null);
                break;
            case TracedKind.Sync when visible.TryGetValue(call.Path, out var synced):
                synced.Sync();
                break;
            case TracedKind.Sync:
                Settle(change => change.Folder == call.Path);
                break;
            case TracedKind.SyncAll:
                visible.Values.ToList().ForEach(f => f.Sync());
                Settle(_ => true);
                break;
            default:
                break;
        }
    }

    /// <summary>Files in a folder and below whose name or content would not outlive a power failure now.</summary>
    internal IEnumerable<string> NotDurable(string folder) => visible.Where(f => f.Key.StartsWith(folder + "/", StringComparison.Ordinal))
        .Where(f => !(durable.TryGetValue(f.Key, out var file) && ReferenceEquals(file, f.Value) && file.IsSynced)).Select(f => f.Key);

    /// <summary>Files in a folder that would be back after a power failure now.</summary>
    internal IEnumerable<string> NotRemoved(string folder) => durable.Keys.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal) && !visible.ContainsKey(f));

    /// <summary>Writes into an empty folder what a failure now leaves.</summary>
    /// <param name="luck">How likely each name and each content that was not synced is there all the same, 0 to 1: 1 is what
    /// the death of the process alone leaves.</param>
    internal void Leave(string from, string to, double luck, Random random)
    {
        var left = new Dictionary<string, TracedFile>(durable);
        foreach (var (_, name, file) in unsynced.Where(_ => random.NextDouble() < luck))
        {
            if (file is null)
            {
                left.Remove(name);
            }
            else
            {
                left[name] = file;
            }
        }

        foreach (var (path, file) in left)
        {
            var target = Path.Join(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, random.NextDouble() < luck ? file.Content : file.Synced);
        }
    }

    private void Name(string path, TracedFile? file)
    {
        if (file is null)
        {
            visible.Remove(path);
        }
        else
        {
            visible[path] = file;
        }

        unsynced.Add((Path.GetDirectoryName(path)!, path, file));
    }

    private void Settle(Func<(string Folder, string Name, TracedFile? File), bool> which)
    {
        foreach (var (_, name, file) in unsynced.Where(which))
        {
            if (file is null)
            {
                durable.Remove(name);
            }
            else
            {
                durable[name] = file;
            }
        }

        unsynced.RemoveAll(change => which(change));
    }

    private sealed class TracedFile
    {
        internal byte[] Content { get; set; } = [];

        internal byte[] Synced { get; private set; } = [];

        internal bool IsSynced => ReferenceEquals(Content, Synced);

        internal void Sync() => Synced = Content;

        internal void Write(long offset, byte[] bytes)
        {
            var longer = new byte[Math.Max(Content.Length, offset + bytes.Length)];
            Content.CopyTo(longer, 0);
            bytes.CopyTo(longer, offset);
            Content = longer;
        }
    }
}
