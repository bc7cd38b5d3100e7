namespace Kedge.Vault.Files;

/// <summary>An open regular file. All reading and writing names its place, so any number of threads can share one.</summary>
internal sealed unsafe class FileHandle : Descriptor
{
    /// <summary>What was not opened; not open.</summary>
    internal static readonly FileHandle None = new(-1);

    private const int SeekData = 3;
    private const int SeekHole = 4;
    private const int KeepSize = 1;
    private const int PunchHoleMode = 2;

    internal FileHandle(int number) : base(number)
    {
    }

    /// <summary>Reads from <paramref name="offset"/> on until the buffer is full or the file ends.</summary>
    /// <param name="count">How many bytes were read, also before an error; fewer than asked for only at the end or for one.</param>
    internal Errno Read(Span<byte> buffer, long offset, out int count)
    {
        count = 0;
        fixed (byte* start = buffer)
        {
            while (count < buffer.Length)
            {
                var read = LibC.pread(this, start + count, (nuint)(buffer.Length - count), offset + count);
                if (read <= 0)
                {
                    var error = LibC.Outcome(read);
                    if (error == Errno.Interrupted)
                    {
                        continue;
                    }

                    return error;
                }

                count += (int)read;
            }
        }

        return Errno.None;
    }

    /// <summary>
    /// The same with a single call of the system where that is enough: what it gives is what came first, and fewer bytes
    /// than asked for are the end of an ordinary file, which saves small files the second call.
    /// </summary>
    internal Errno ReadOnce(Span<byte> buffer, long offset, out int count)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var read = LibC.pread(this, start, (nuint)buffer.Length, offset);
                var error = LibC.Outcome(read);
                if (error != Errno.Interrupted)
                {
                    count = (int)Math.Max(read, 0);
                    return error;
                }
            }
        }
    }

    /// <summary>Writes all of it from <paramref name="offset"/> on.</summary>
    internal Errno Write(ReadOnlySpan<byte> content, long offset)
    {
        fixed (byte* start = content)
        {
            for (var done = 0; done < content.Length;)
            {
                var written = LibC.pwrite(this, start + done, (nuint)(content.Length - done), offset + done);
                var error = LibC.Outcome(written);
                if (error is not (Errno.None or Errno.Interrupted))
                {
                    return error;
                }

                if (written == 0)
                {
                    return Errno.InputOutput;
                }

                done += (int)Math.Max(written, 0);
            }
        }

        return Errno.None;
    }

    /// <summary>Cuts it off, or lets it end in a hole.</summary>
    internal Errno SetLength(long length)
    {
        Errno error;
        do
        {
            error = LibC.Outcome(LibC.ftruncate(this, length));
        }
        while (error == Errno.Interrupted);
        return error;
    }

    /// <summary>
    /// Sets disk space aside without changing the length, so that a full disk is known before writing and the file lies in one
    /// piece. <see cref="Errno.NotSupported"/> on some file systems, which is no failure.
    /// </summary>
    internal Errno Allocate(long offset, long length) => ChangeSpace(KeepSize, offset, length);

    /// <summary>Makes a stretch read as zeros that takes no space. <see cref="Errno.NotSupported"/> on some file systems: write the zeros.</summary>
    internal Errno PunchHole(long offset, long length) => ChangeSpace(KeepSize | PunchHoleMode, offset, length);

    /// <summary>
    /// Finds the next stretch of data of a file with holes, which read as zeros. Where the file system knows of no holes,
    /// everything is data.
    /// </summary>
    /// <param name="from">Where to look from, in bytes.</param>
    /// <param name="size">The file's size; nothing from there on is looked at.</param>
    /// <param name="start">Where data begins: <paramref name="size"/> where only a hole follows.</param>
    /// <param name="end">Where it ends; after <paramref name="start"/>, but for the last.</param>
    internal Errno FindData(long from, long size, out long start, out long end)
    {
        (start, end) = (size, size);
        if (from >= size)
        {
            return Errno.None;
        }

        var data = LibC.lseek(this, from, SeekData);
        var error = LibC.Outcome((nint)data);
        if (error is Errno.InvalidArgument or Errno.NotSupported)
        {
            start = from;
            return Errno.None;
        }

        if (error != Errno.None || data >= size)
        {
            return error == Errno.NoSuchDevice ? Errno.None : error;
        }

        start = data;
        var hole = LibC.lseek(this, start, SeekHole);
        error = LibC.Outcome((nint)hole);
        if (error == Errno.None)
        {
            end = Math.Min(hole, size);
        }

        // It was cut off in between: whoever reads it will see.
        return error == Errno.NoSuchDevice ? Errno.None : error;
    }

    /// <summary>Has the disk begin to read the first bytes, without waiting for it (POSIX_FADV_WILLNEED, posix_fadvise(2)); a hint.</summary>
    internal void BeginReading(long length)
    {
        const int willNeed = 3;
        _ = LibC.posix_fadvise(this, 0, length, willNeed);
    }

    /// <summary>Has the disk begin to write what was written so far, without waiting for it (sync_file_range(2)); a hint, which may come to nothing.</summary>
    internal void BeginWriteback()
    {
        const uint write = 2;
        _ = LibC.sync_file_range(this, 0, 0, write);
    }

    /// <summary>Waits until its content, and what it takes to read it, is on stable storage; times may be missing.</summary>
    internal Errno SyncContent()
    {
        Errno error;
        do
        {
            error = LibC.Outcome(LibC.fdatasync(this));
        }
        while (error == Errno.Interrupted);
        return error;
    }

    /// <summary>
    /// Closes it, and says what the file system had kept back about earlier writes (NFS, quotas). No other thread may be
    /// using it. Disposing closes as well, but does not tell.
    /// </summary>
    internal Errno Finish()
    {
        Dispose();
        return ClosingError == Errno.Interrupted ? Errno.None : ClosingError;
    }

    private Errno ChangeSpace(int mode, long offset, long length)
    {
        Errno error;
        do
        {
            error = LibC.Outcome(LibC.fallocate(this, mode, offset, length));
        }
        while (error == Errno.Interrupted);
        return error;
    }
}
