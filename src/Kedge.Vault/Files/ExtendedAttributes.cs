using System.Runtime.CompilerServices;

namespace Kedge.Vault.Files;

/// <summary>
/// Reads and sets extended attributes, ACLs included. Reading takes one call of the system where there are none, which is
/// nearly everywhere, and need not be done where <see cref="FileStatus.ChangeTime"/> has not changed.
/// </summary>
internal static unsafe class ExtendedAttributes
{
    /// <summary>XATTR_NAME_MAX.</summary>
    private const int LongestName = 255;

    private const int OnStack = 1024;

    /// <summary>The attributes of what is open, in the system's order; of an <see cref="EntryHandle"/>, of the thing that is held.</summary>
    /// <returns>The first error; the attributes that could be read are there nevertheless.</returns>
    [SkipLocalsInit]
    internal static Errno ReadAttributes(this Descriptor open, out ExtendedAttribute[] attributes)
    {
        if (open is not EntryHandle)
        {
            return Read(new(open), out attributes);
        }

        using var hold = new DescriptorHold(open);
        var path = stackalloc byte[DescriptorPath.BufferSize];
        DescriptorPath.Write(hold.Number, new(path, DescriptorPath.BufferSize));
        return Read(new(path, follow: true), out attributes);
    }

    /// <summary>The same by name, for what is not opened; of a symbolic link, its own.</summary>
    [SkipLocalsInit]
    internal static Errno ReadAttributes(this FolderHandle folder, ReadOnlySpan<byte> name, out ExtendedAttribute[] attributes)
    {
        attributes = [];
        using var hold = new DescriptorHold(folder);
        var path = stackalloc byte[DescriptorPath.BufferSize];
        var error = DescriptorPath.Write(hold.Number, name, new(path, DescriptorPath.BufferSize));
        return error != Errno.None ? error : Read(new(path, follow: false), out attributes);
    }

    /// <summary>Sets an attribute, whether it is there already or not.</summary>
    /// <param name="value">At most 65,536 bytes; less on most file systems (<see cref="Errno.NoSpace"/>, <see cref="Errno.TooSmall"/>).</param>
    [SkipLocalsInit]
    internal static Errno SetAttribute(this Descriptor open, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var terminated = stackalloc byte[LongestName + 1];
        var error = Terminate(name, terminated);
        if (error != Errno.None)
        {
            return error;
        }

        fixed (byte* content = value)
        {
            if (open is not EntryHandle)
            {
                return LibC.Outcome(LibCAttributes.fsetxattr(open, terminated, content, (nuint)value.Length, 0));
            }

            using var hold = new DescriptorHold(open);
            var path = stackalloc byte[DescriptorPath.BufferSize];
            DescriptorPath.Write(hold.Number, new(path, DescriptorPath.BufferSize));
            return LibC.Outcome(LibCAttributes.setxattr(path, terminated, content, (nuint)value.Length, 0));
        }
    }

    /// <summary>Removes an attribute; <see cref="Errno.NoAttribute"/> where there is none of this name.</summary>
    [SkipLocalsInit]
    internal static Errno RemoveAttribute(this Descriptor open, ReadOnlySpan<byte> name)
    {
        var terminated = stackalloc byte[LongestName + 1];
        var error = Terminate(name, terminated);
        if (error != Errno.None)
        {
            return error;
        }

        if (open is not EntryHandle)
        {
            return LibC.Outcome(LibCAttributes.fremovexattr(open, terminated));
        }

        using var hold = new DescriptorHold(open);
        var path = stackalloc byte[DescriptorPath.BufferSize];
        DescriptorPath.Write(hold.Number, new(path, DescriptorPath.BufferSize));
        return LibC.Outcome(LibCAttributes.removexattr(path, terminated));
    }

    [SkipLocalsInit]
    private static Errno Read(AttributeSource source, out ExtendedAttribute[] attributes)
    {
        attributes = [];
        Span<byte> buffer = stackalloc byte[OnStack];
        var error = source.List(buffer, out var names);
        if (error is Errno.NotSupported or Errno.NoAttribute || (error == Errno.None && names.IsEmpty))
        {
            // SMB has no such thing in another way than others (ENODATA).
            return Errno.None;
        }

        if (error != Errno.None)
        {
            return error;
        }

        var found = new List<ExtendedAttribute>();
        var first = Errno.None;
        Span<byte> small = stackalloc byte[OnStack];
        while (!names.IsEmpty)
        {
            var end = names.IndexOf((byte)0);
            error = source.Get(names[..(end + 1)], small, out var value);
            if (error == Errno.None)
            {
                found.Add(new(names[..end].ToArray(), value.ToArray()));
            }
            else if (error != Errno.NoAttribute && first == Errno.None)
            {
                first = error;
            }

            names = names[(end + 1)..];
        }

        attributes = [.. found];
        return first;
    }

    private static Errno Terminate(ReadOnlySpan<byte> name, byte* terminated)
    {
        if (name.IsEmpty || name.Length > LongestName || name.Contains((byte)0))
        {
            return Errno.InvalidName;
        }

        name.CopyTo(new(terminated, LongestName));
        terminated[name.Length] = 0;
        return Errno.None;
    }
}
