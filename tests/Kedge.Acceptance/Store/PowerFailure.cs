namespace Kedge.Acceptance.Store;

/// <summary>
/// A file system that keeps only what it must: contents up to the file's last sync, names up to the folder's last sync.
/// Of everything later a power failure leaves what it likes: writes in any order and torn between sectors, names in the
/// order in which they were made, as journaling file systems do.
/// </summary>
internal sealed class PowerFailure
{
    private const int Sector = 512;

    // By inode number, which the next file may get once a file is gone; what is synced goes by the file itself.
    private readonly Dictionary<ulong, RecordedFile> files = [];
    private readonly Dictionary<string, RecordedFile> names = [];
    private readonly List<(IoCall Call, RecordedFile? File)> unsyncedNames = [];

    public void Take(IoCall call)
    {
        switch (call.Kind)
        {
            case 'C':
                files[call.Inode] = new RecordedFile();
                unsyncedNames.Add((call, files[call.Inode]));
                break;
            case 'R' or 'U':
                unsyncedNames.Add((call, null));
                break;
            case 'W' or 'T':
                files[call.Inode].Unsynced.Add(call);
                break;
            case 'S':
                files[call.Inode].Sync();
                break;
            case 'D':
                unsyncedNames.ForEach(change => Rename(names, change));
                unsyncedNames.Clear();
                break;
            default:
                throw new ArgumentException($"unknown call {call.Kind}");
        }
    }

    /// <summary>Writes to a folder what a failure at this moment leaves.</summary>
    /// <param name="luck">How likely each thing that was not synced is there all the same, 0 to 1.</param>
    public void Leave(string folder, double luck, Random random)
    {
        var left = new Dictionary<string, RecordedFile>(names);
        foreach (var change in unsyncedNames)
        {
            if (random.NextDouble() >= luck)
            {
                break;
            }

            Rename(left, change);
        }

        // The index in shared memory is rebuilt from the log by whoever opens the store after a restart.
        foreach (var (name, file) in left.Where(n => !n.Key.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.WriteAllBytes(Path.Combine(folder, name), file.Left(luck, random));
        }
    }

    private static void Rename(Dictionary<string, RecordedFile> names, (IoCall Call, RecordedFile? File) change)
    {
        var name = change.Call.Name;
        switch (change.Call.Kind)
        {
            case 'C':
                names[name] = change.File!;
                break;
            case 'U':
                names.Remove(name);
                break;
            default:
                var (from, to) = (name.Split('\0')[0], name.Split('\0')[1]);
                if (names.Remove(from, out var file))
                {
                    names[to] = file;
                }

                break;
        }
    }

    private sealed class RecordedFile
    {
        private byte[] synced = [];

        public List<IoCall> Unsynced { get; } = [];

        public void Sync()
        {
            using var content = Copy();
            Unsynced.ForEach(call => Apply(content, call, _ => true));
            synced = content.ToArray();
            Unsynced.Clear();
        }

        public byte[] Left(double luck, Random random)
        {
            using var content = Copy();
            foreach (var call in Unsynced)
            {
                var torn = random.Next(3) == 0;
                if (torn || random.NextDouble() < luck)
                {
                    Apply(content, call, _ => !torn || random.NextDouble() < luck);
                }
            }

            return content.ToArray();
        }

        private MemoryStream Copy()
        {
            var copy = new MemoryStream();
            copy.Write(synced);
            return copy;
        }

        private static void Apply(MemoryStream content, IoCall call, Func<long, bool> sectorIsWritten)
        {
            if (call.Kind == 'T')
            {
                content.SetLength(call.Number);
                return;
            }

            var end = call.Number + call.Bytes.Length;
            content.SetLength(Math.Max(content.Length, end));
            for (var at = call.Number; at < end;)
            {
                var next = Math.Min(end, ((at / Sector) + 1) * Sector);
                if (sectorIsWritten(at / Sector))
                {
                    content.Position = at;
                    content.Write(call.Bytes.AsSpan((int)(at - call.Number), (int)(next - at)));
                }

                at = next;
            }
        }
    }
}
