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
    private FileStatus seen;

    internal RestoreFolder Folder { get; } = folder;

    internal byte[] Name { get; } = name;

    internal long Size { get; } = size;

    internal Metadata Metadata { get; } = metadata;

    /// <summary>Whether the target has the file already, so that only what differs is written.</summary>
    internal bool Exists => Before is not null;

    /// <summary>As it was found in the target.</summary>
    internal FileStatus? Before
    {
        get;
        init
        {
            field = value;
            seen = value ?? default;
        }
    }

    /// <summary>Whether it has other names, whosever they are: then nothing may be written into it.</summary>
    internal bool IsShared => Before is { Links: > 1 };

    /// <summary>The same where it is not there any more.</summary>
    internal RestoreFile Anew() => new(Folder, Name, Size, Metadata) { hasHoles = hasHoles, isBroken = isBroken };

    internal byte[] Path => Folder.PathOf(Name);

    /// <summary>Whether it is finished, whole, and lacks nothing but its times: for <see cref="PendingTimes"/>.</summary>
    internal bool LacksTimes { get; private set; }

    /// <summary>Which file it is; known once it is finished.</summary>
    internal (ulong Inode, ulong Device) Identity => (seen.Inode, seen.Device);

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
            Break($"cannot write: {error.Words()}", hand.Crew);
        }
    }

    /// <summary>A piece of zeros, where a new file has them anyway.</summary>
    internal void Skip()
    {
        hasHoles = true;
    }

    /// <summary>Pieces of it are known to be lost; the rest is where it belongs.</summary>
    internal void Lacks(string what, RestoreCrew crew)
    {
        hasHoles = true;
        Break(what, crew);
    }

    /// <summary>Something is missing from it. It is told once.</summary>
    internal void Break(string what, RestoreCrew crew)
    {
        lock (gate)
        {
            if (isBroken)
            {
                return;
            }

            isBroken = true;
        }

        crew.Tell(Path, what);
    }

    internal void PieceDone(RestoreHand hand)
    {
        if (Interlocked.Decrement(ref unfinished) == 0)
        {
            Finish(hand);
        }
    }

    /// <summary>Gives it its length, owner and permissions, and closes it.</summary>
    internal void Finish(RestoreHand hand)
    {
        if (handle is null && !isMade && Before is { } before && before.Size == Size)
        {
            FinishUntouched(before, hand);
        }
        else if (Open(hand, out var file) is var error && error == Errno.None)
        {
            using (file)
            {
                Report(Exists || hasHoles || isBroken ? file.SetLength(Size) : Errno.None, "set the length", hand);
                var isWhole = !isBroken;
                ApplyMetadata(file, hand);
                if (!Exists)
                {
                    Report(file.Status(out seen), "look at it", hand);
                }

                error = file.Finish();
                Report(error, "close", hand);
                LacksTimes = isWhole && error == Errno.None;
            }

            hand.Crew.FileClosed();
        }
        else
        {
            RestoreCrew.DemandSpace(error, "make", Path);
            Break($"cannot make: {error.Words()}", hand.Crew);
        }

        if (!isBroken)
        {
            hand.Crew.Wanted.Progress.FileDone();
        }
    }

    /// <summary>What has the right content already need not be one that may be written.</summary>
    private void FinishUntouched(in FileStatus before, RestoreHand hand)
    {
        var error = hand.Folders.Open(Folder, out var folder);
        var entry = EntryHandle.None;
        var now = default(FileStatus);
        error = error == Errno.None ? folder.HoldEntry(Name, out entry, out now) : error;
        using (entry)
        {
            error = error == Errno.None && !now.IsSameAs(before) ? Errno.Moved : error;
            Report(error, "look at it", hand);
            if (error == Errno.None)
            {
                // Its content may be there without being on the disk, when the restore that wrote it was interrupted.
                LacksTimes = !isBroken && now.ModificationTime != Metadata.Times.Modified;
                ApplyMetadata(entry, hand);
            }
        }
    }

    private void ApplyMetadata(Descriptor open, RestoreHand hand)
    {
        var (error, act) = Metadata.Apply(open, hand.Crew.KnownOf(Folder, isNew: !Exists), isLink: false, withTimes: false);
        Report(error, act, hand);
    }

    private void Report(Errno error, string act, RestoreHand hand)
    {
        if (error != Errno.None)
        {
            Break($"cannot {act}: {error.Words()}", hand.Crew);
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
                error = Exists || isMade ? OpenAgain(open, hand, out file) : open.CreateFile(Name, out file);
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

    /// <summary>Opens what was here before. Somebody may have put another name of some other file in its place.</summary>
    private Errno OpenAgain(FolderHandle folder, RestoreHand hand, out FileHandle file)
    {
        var error = folder.OpenFileToWrite(Name, out file, out var status);
        if (error == Errno.AccessDenied && MakeWritable(folder, hand))
        {
            error = folder.OpenFileToWrite(Name, out file, out status);
        }

        if (error == Errno.None && !status.IsSameAs(seen))
        {
            file.Dispose();
            return Errno.Moved;
        }

        return error;
    }

    /// <summary>For its owner, until it gets its permissions.</summary>
    private bool MakeWritable(FolderHandle folder, RestoreHand hand)
    {
        const uint ownerMayWrite = 0x80;
        var error = folder.HoldEntry(Name, out var entry, out var status);
        using (entry)
        {
            return error == Errno.None && status.IsSameAs(seen) && hand.Crew.Owns(status) && entry.SetPermissions(status.Permissions | ownerMayWrite) == Errno.None;
        }
    }

    /// <summary>Closes it for the time being where too many are open.</summary>
    private void Release(RestoreHand hand)
    {
        lock (gate)
        {
            users--;
            if (users == 0 && hand.Crew.HasManyOpen && handle?.Status(out seen) == Errno.None)
            {
                handle.Dispose();
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
