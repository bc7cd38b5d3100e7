using Kedge.Vault.Files;

namespace Kedge.Vault.Restore;

/// <summary>A regular file in the target, while its pieces arrive from many threads in any order.</summary>
internal sealed class RestoreFile(RestoreFolder folder, byte[] name, long size, Metadata metadata)
{
    /// <summary>After so many bytes the disk is told to begin, so that it need not do everything at the end.</summary>
    private const long WritebackEvery = 8 << 20;

    private readonly Lock gate = new();
    private FileHandle? handle;
    private int users;
    private bool isMade;
    private int unfinished;
    private bool isBroken;
    private bool hasHoles;
    private long unsent;

    internal RestoreFolder Folder { get; } = folder;

    internal byte[] Name { get; } = name;

    internal long Size { get; } = size;

    internal Metadata Metadata { get; } = metadata;

    /// <summary>Whether the target has the file already, so that only what differs is written.</summary>
    internal bool Exists { get; init; }

    internal byte[] Path => Folder.PathOf(Name);

    internal void Expect(int pieces) => unfinished = pieces;

    /// <summary>Writes a piece; makes or opens the file first, where nobody has.</summary>
    internal void Write(long offset, ReadOnlySpan<byte> content, RestoreHand hand)
    {
        var error = Open(hand, out var file);
        if (error == Errno.None)
        {
            error = hand.Crew.Wanted.Sparse && !Exists ? WriteSparsely(file, offset, content) : file.Write(content, offset);
            if (Interlocked.Add(ref unsent, content.Length) is var waiting && waiting >= WritebackEvery && error == Errno.None)
            {
                Interlocked.Add(ref unsent, -waiting);
                file.BeginWriteback();
            }

            Release(hand);
        }

        if (error != Errno.None)
        {
            RestoreCrew.DemandSpace(error, "write", Path);
            Break($"cannot write: {error.Words()}", hand);
        }
    }

    /// <summary>A piece of zeros, where a new file has them anyway.</summary>
    internal void Skip()
    {
        hasHoles = true;
    }

    /// <summary>Something is missing from it, which was told already.</summary>
    internal void Spoil() => isBroken = true;

    /// <summary>Something is missing from it. It is told once.</summary>
    internal void Break(string what, RestoreHand hand)
    {
        lock (gate)
        {
            if (isBroken)
            {
                return;
            }

            isBroken = true;
        }

        hand.Crew.Tell(Path, what);
    }

    internal void PieceDone(RestoreHand hand)
    {
        if (Interlocked.Decrement(ref unfinished) == 0)
        {
            Finish(hand);
        }
    }

    /// <summary>Gives it its length, owner, permissions and times, and closes it.</summary>
    internal void Finish(RestoreHand hand)
    {
        var error = Open(hand, out var file);
        if (error == Errno.None)
        {
            using (file)
            {
                if (Exists || hasHoles)
                {
                    error = file.SetLength(Size);
                }

                var (failed, act) = Metadata.Apply(file, hand.Crew.KnownOf(Folder, isNew: !Exists), isLink: false, withTimes: !isBroken);
                Report(error, "set the length", hand);
                Report(failed, act, hand);
                Report(file.Finish(), "close", hand);
            }

            hand.Crew.FileClosed();
        }
        else
        {
            RestoreCrew.DemandSpace(error, "make", Path);
            Break($"cannot make: {error.Words()}", hand);
        }

        if (!isBroken)
        {
            hand.Crew.Wanted.Progress.FileDone();
        }
    }

    private void Report(Errno error, string act, RestoreHand hand)
    {
        if (error != Errno.None)
        {
            Break($"cannot {act}: {error.Words()}", hand);
        }
    }

    private Errno Open(RestoreHand hand, out FileHandle file)
    {
        lock (gate)
        {
            users++;
            if (handle is not null)
            {
                file = handle;
                return Errno.None;
            }

            var error = hand.Folders.Open(Folder, out var open);
            file = FileHandle.None;
            if (error == Errno.None)
            {
                error = Exists || isMade ? open.OpenFileToWrite(Name, out file, out _) : open.CreateFile(Name, out file);
            }

            if (error != Errno.None)
            {
                users--;
                return error;
            }

            (handle, isMade) = (file, true);
            hand.Crew.FileOpened();
            return Errno.None;
        }
    }

    /// <summary>Closes it for the time being where too many are open.</summary>
    private void Release(RestoreHand hand)
    {
        lock (gate)
        {
            users--;
            if (users == 0 && hand.Crew.HasManyOpen)
            {
                handle?.Dispose();
                handle = null;
                hand.Crew.FileClosed();
            }
        }
    }

    /// <summary>Leaves out pages of zeros, which a new file has anyway.</summary>
    private Errno WriteSparsely(FileHandle file, long offset, ReadOnlySpan<byte> content)
    {
        const int page = 4096;
        var start = 0;
        for (var at = 0; at < content.Length; at += page)
        {
            var end = Math.Min(at + page, content.Length);
            if (content[at..end].ContainsAnyExcept((byte)0))
            {
                continue;
            }

            hasHoles = true;
            var error = file.Write(content[start..at], offset + start);
            if (error != Errno.None)
            {
                return error;
            }

            start = end;
        }

        return start < content.Length ? file.Write(content[start..], offset + start) : Errno.None;
    }
}
