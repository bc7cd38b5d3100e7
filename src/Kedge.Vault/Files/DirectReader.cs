using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kedge.Vault.Files;

/// <summary>
/// Reads a large file without driving out of the page cache what others keep there: what is cached already is taken from the
/// cache, everything else comes straight from the disk (O_DIRECT, open(2)), which also spares a copy. Where the file system
/// has no such thing it reads as usual. Any thread may read.
/// </summary>
internal sealed unsafe class DirectReader : IDisposable
{
    private readonly FileHandle cached;
    private readonly FileHandle direct;
    private readonly ResidentPages resident;

    /// <param name="size">In bytes; what is added to it later is read from the disk.</param>
    [SkipLocalsInit]
    internal DirectReader(FileHandle file, long size)
    {
        cached = file;
        resident = new(file, size);
        using var hold = new DescriptorHold(file);
        var path = stackalloc byte[DescriptorPath.BufferSize];
        DescriptorPath.Write(hold.Number, new(path, DescriptorPath.BufferSize));
        var number = LibC.openat(LibC.WorkingFolder, path, OpenFlags.ReadOnly | OpenFlags.Direct | OpenFlags.CloseOnExec, 0);
        direct = number < 0 ? FileHandle.None : new(number);
    }

    /// <summary>Reads so many bytes from <paramref name="offset"/> on, or until the file ends.</summary>
    /// <param name="room">
    /// What is read stands at its beginning. Aligned in address, as <paramref name="offset"/> is, and with room for whole
    /// blocks; or it is read as usual.
    /// </param>
    internal Errno Read(Span<byte> room, int wanted, long offset, out int count)
    {
        var blocks = (wanted + AlignedBuffer.Alignment - 1) & ~(AlignedBuffer.Alignment - 1);
        var isAligned = offset % AlignedBuffer.Alignment == 0 && (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(room)) % AlignedBuffer.Alignment == 0;
        if (direct.IsInvalid || !isAligned || blocks > room.Length || resident.Have(offset, blocks))
        {
            return cached.Read(room[..wanted], offset, out count);
        }

        var error = direct.Read(room[..blocks], offset, out count);
        count = Math.Min(count, wanted);
        // Some file systems open it so, and then refuse to read.
        return error == Errno.InvalidArgument ? cached.Read(room[..wanted], offset, out count) : error;
    }

    public void Dispose()
    {
        resident.Dispose();
        direct.Dispose();
    }
}
