using System.Runtime.CompilerServices;

namespace Kedge.Vault.Files;

/// <summary>
/// Holds on to an entry of any kind without opening its content (O_PATH): a symbolic link itself, a device that nobody
/// starts, a file without the right to read it. What cannot be opened gets its owner, permissions, times and attributes
/// through this, so that none of it can hit something else that was put there in between.
/// </summary>
internal sealed unsafe class EntryHandle : Descriptor
{
    /// <summary>What could not be held; not open.</summary>
    internal static readonly EntryHandle None = new(-1);

    internal EntryHandle(int number) : base(number)
    {
    }

    /// <summary>A symbolic link has no permissions: <see cref="Errno.NotSupported"/>.</summary>
    [SkipLocalsInit]
    internal override Errno SetPermissions(uint permissions)
    {
        var error = Status(out var status);
        if (error != Errno.None)
        {
            return error;
        }

        if (status.Kind == FileKind.Link)
        {
            return Errno.NotSupported;
        }

        using var hold = new DescriptorHold(this);
        var path = stackalloc byte[DescriptorPath.BufferSize];
        DescriptorPath.Write(hold.Number, new(path, DescriptorPath.BufferSize));
        return LibC.Outcome(LibC.chmod(path, permissions & 0xfff));
    }

    [SkipLocalsInit]
    private protected override Errno SetTimes(LibC.TimeSpecification* times)
    {
        using var hold = new DescriptorHold(this);
        var path = stackalloc byte[DescriptorPath.BufferSize];
        DescriptorPath.Write(hold.Number, new(path, DescriptorPath.BufferSize));
        return LibC.Outcome(LibC.utimensat(LibC.WorkingFolder, path, times, 0));
    }
}
