using System.Runtime.CompilerServices;

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

    /// <summary>Fills the buffer from <paramref name="offset"/> on, until the file ends.</summary>
    /// <param name="buffer">Aligned in address and length, as <paramref name="offset"/> is, or it is read as usual.</param>
    internal Errno Read(Span<byte> buffer, long offset, out int count)
    {
        if (direct.IsInvalid || (offset | (uint)buffer.Length) % AlignedBuffer.Alignment != 0 || (nuint)Unsafe.AsPointer(ref buffer[0]) % AlignedBuffer.Alignment != 0)
        {
            return cached.Read(buffer, offset, out count);
        }

        if (resident.Have(offset, buffer.Length))
        {
            return cached.Read(buffer, offset, out count);
        }

        var error = direct.Read(buffer, offset, out count);
        // Some file systems open it so, and then refuse to read.
        return error == Errno.InvalidArgument ? cached.Read(buffer, offset, out count) : error;
    }

    public void Dispose()
    {
        resident.Dispose();
        direct.Dispose();
    }
}
