using System.Runtime.CompilerServices;

namespace Kedge.Vault.Files;

/// <summary>
/// Tells what of a file is in the page cache (mincore(2)). Asking this way reads nothing; a read that shall not wait
/// (RWF_NOWAIT) has the system read ahead what is then read twice. Any thread may ask.
/// </summary>
internal sealed unsafe class ResidentPages : IDisposable
{
    private readonly byte* start;
    private readonly nuint length;

    internal ResidentPages(FileHandle file, long size)
    {
        const int readable = 1;
        const int shared = 1;
        length = (nuint)size;
        var address = length == 0 ? -1 : LibC.mmap(null, length, readable, shared, file, 0);
        start = address == -1 ? null : (byte*)address;
    }

    /// <summary>
    /// Whether all of it was in the cache a moment ago. True as well where the system does not tell, since the file belongs to
    /// somebody else; false for what is behind the size of before.
    /// </summary>
    /// <param name="offset">A multiple of the system's pages.</param>
    [SkipLocalsInit]
    internal bool Have(long offset, int count)
    {
        const int most = 1024;
        var pageSize = Environment.SystemPageSize;
        var pages = (count + pageSize - 1) / pageSize;
        if (start is null || pages is 0 or > most || offset % pageSize != 0 || (nuint)offset >= length)
        {
            return false;
        }

        var states = stackalloc byte[most];
        if (LibC.mincore(start + offset, (nuint)count, states) != 0)
        {
            return false;
        }

        for (var page = 0; page < pages; page++)
        {
            if ((states[page] & 1) == 0)
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        if (start is not null)
        {
            _ = LibC.munmap(start, length);
        }
    }
}
