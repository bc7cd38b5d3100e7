using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Restore;

/// <summary>
/// As many files as are restored at once: enough of them to read packs from front to back, and so few that a tree of any
/// size takes bounded memory. Filled by one thread.
/// </summary>
internal sealed class RestoreBatch(RestoreCrew crew)
{
    private const int MostFiles = 20_000;
    private const int MostPieces = 400_000;

    private readonly List<RestoreFile> all = [];
    private readonly List<Piece> pieces = [];
    private readonly List<RestoreWork> finishes = [];
    private readonly List<ComparedFile> compared = [];

    internal bool IsFull => all.Count >= MostFiles || pieces.Count >= MostPieces;

    /// <summary>A file that is not there yet.</summary>
    internal void Add(RestoreFile file, IReadOnlyList<int> positions, IReadOnlyList<long> offsets)
    {
        all.Add(file);
        Expect(file, positions.Count);
        for (var i = 0; i < positions.Count; i++)
        {
            pieces.Add(new(positions[i], file, offsets[i]));
        }
    }

    /// <summary>A file that is there, of which only what differs is to be written.</summary>
    internal void AddExisting(RestoreFile file, IReadOnlyList<int> positions, IReadOnlyList<long> offsets)
    {
        all.Add(file);
        compared.Add(new(file, [.. positions], [.. offsets]));
    }

    /// <summary>Restores all of it.</summary>
    internal void Run()
    {
        crew.Run([.. compared.SelectMany(c => c.Works())]);
        foreach (var one in compared)
        {
            Take(one);
        }

        if (crew.Wanted.DryRun)
        {
            return;
        }

        var sorted = pieces.ToArray();
        Array.Sort(sorted, (a, b) => a.Position.CompareTo(b.Position));
        var gap = crew.Vault.Backend.Traits.IsRemote ? 512 << 10 : 16 << 10;
        var works = PieceRun.Cut(sorted, crew.Index, gap);
        works.AddRange(finishes);
        crew.Run(works);
        all.Where(f => f.LacksTimes).ToList().ForEach(crew.Times.Add);
        if (crew.Times.AreMany)
        {
            crew.Times.Settle();
        }
    }

    private void Expect(RestoreFile file, int wanted)
    {
        file.Expect(wanted);
        if (wanted == 0)
        {
            finishes.Add(new FinishWork(file));
        }
    }

    private void Take(ComparedFile one)
    {
        var (file, wanted) = (one.File, one.Differing(one.File));
        crew.Act(wanted.Count == 0 && file.Before!.Value.Size == file.Size ? RestoreAct.Kept : RestoreAct.Changed, file.Folder, file.Name);
        if (wanted.Count > 0 && file.IsShared)
        {
            if (!TryRemove(file))
            {
                return;
            }

            file = file.Anew();
            all.Add(file);
            wanted = one.All(file);
        }

        Expect(file, wanted.Count);
        pieces.AddRange(wanted);
    }

    /// <summary>Takes the name away from what has others, too, which stays as it is under those.</summary>
    private bool TryRemove(RestoreFile file)
    {
        using var folders = new FolderCache(crew.Target);
        var error = folders.Open(file.Folder, out var folder);
        error = error == Errno.None ? folder.Remove(file.Name) : error;
        if (error != Errno.None)
        {
            crew.Tell(file.Path, $"cannot remove what is there: {error.Words()}");
        }

        return error == Errno.None;
    }

    private sealed class FinishWork(RestoreFile file) : RestoreWork
    {
        internal override void Do(RestoreHand hand) => file.Finish(hand);
    }

    /// <summary>Holds a file that exists against the pieces that it should consist of.</summary>
    private sealed class ComparedFile(RestoreFile file, int[] positions, long[] offsets)
    {
        private const int PiecesAtOnce = 512;

        private readonly bool[] same = new bool[positions.Length];

        internal RestoreFile File => file;

        internal IEnumerable<RestoreWork> Works()
        {
            for (var from = 0; from < positions.Length; from += PiecesAtOnce)
            {
                yield return new CompareWork(this, from, Math.Min(from + PiecesAtOnce, positions.Length));
            }
        }

        internal List<Piece> Differing(RestoreFile into) => [.. Enumerable.Range(0, positions.Length).Where(i => !same[i]).Select(i => new Piece(positions[i], into, offsets[i]))];

        internal List<Piece> All(RestoreFile into) => [.. positions.Select((position, i) => new Piece(position, into, offsets[i]))];

        private sealed class CompareWork(ComparedFile of, int from, int to) : RestoreWork
        {
            internal override void Do(RestoreHand hand)
            {
                var error = hand.Folders.Open(of.File.Folder, out var folder);
                if (error != Errno.None || folder.OpenFile(of.File.Name, out var open, out _) != Errno.None)
                {
                    // Writing will say what is wrong.
                    return;
                }

                using (open)
                {
                    for (var i = from; i < to; i++)
                    {
                        hand.Crew.Cancellation.ThrowIfCancellationRequested();
                        var entry = hand.Crew.Index.EntryAt(of.Piece(i).Position);
                        if (entry.ContentLength is < 0 or > BlobReader.MaximumDataLength)
                        {
                            // Whoever reads it will say what is wrong with it.
                            continue;
                        }

                        var buffer = hand.BufferOf((int)entry.ContentLength);
                        of.same[i] = open.Read(buffer.Span, of.Piece(i).Offset, out var count) == Errno.None
                            && count == buffer.Length && ObjectId.Of(buffer.Span) == entry.Name.Id;
                        if (of.same[i])
                        {
                            hand.Crew.Wanted.Progress.Kept(count);
                        }
                    }
                }
            }
        }

        private (int Position, long Offset) Piece(int index) => (positions[index], offsets[index]);
    }
}
