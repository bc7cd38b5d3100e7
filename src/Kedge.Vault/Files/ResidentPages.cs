using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Vault.Files;

/// <summary>
/// Tells what of a file is in the page cache (mincore(2)). Asking this way reads nothing; a read that shall not wait
/// (RWF_NOWAIT) has the system read ahead what is then read twice. Any thread may ask.
/// </summary>
internal sealed unsafe class ResidentPages : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly nuint length;

    internal ResidentPages(FileHandle file, long size) : base(ownsHandle: true)
    {
        const int readable = 1;
        const int shared = 1;
        length = (nuint)size;
        SetHandle(length == 0 ? 0 : LibC.mmap(null, length, readable, shared, file, 0));
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
        if (IsInvalid || pages is 0 or > most || offset % pageSize != 0 || (nuint)offset >= length)
        {
            return false;
        }

        var states = stackalloc byte[most];
        if (LibC.mincore((byte*)handle + offset, (nuint)count, states) != 0)
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

    protected override bool ReleaseHandle() => LibC.munmap(handle, length) == 0;
}
