namespace Kedge.Vault.Files;

/// <summary>What attributes are read of: a descriptor, or a path, of which the last step is followed or not.</summary>
internal readonly unsafe ref struct AttributeSource
{
    /// <summary>XATTR_SIZE_MAX and XATTR_LIST_MAX.</summary>
    private const int Largest = 64 * 1024;

    private readonly Descriptor? open;
    private readonly byte* path;
    private readonly bool follow;

    internal AttributeSource(Descriptor open) => this.open = open;

    internal AttributeSource(byte* path, bool follow)
    {
        this.path = path;
        this.follow = follow;
    }

    /// <param name="buffer">Used where the answer fits.</param>
    /// <param name="names">Each with a zero byte after it.</param>
    internal Errno List(Span<byte> buffer, out ReadOnlySpan<byte> names)
    {
        var error = ListInto(buffer, out names);
        return error == Errno.TooSmall ? ListInto(new byte[Largest], out names) : error;
    }

    /// <param name="name">With a zero byte at its end.</param>
    /// <param name="buffer">Used where the answer fits.</param>
    internal Errno Get(ReadOnlySpan<byte> name, Span<byte> buffer, out ReadOnlySpan<byte> value)
    {
        var error = GetInto(name, buffer, out value);
        return error == Errno.TooSmall ? GetInto(name, new byte[Largest], out value) : error;
    }

    private Errno ListInto(Span<byte> buffer, out ReadOnlySpan<byte> names)
    {
        fixed (byte* start = buffer)
        {
            var size = (nuint)buffer.Length;
            var length = open is not null ? LibCAttributes.flistxattr(open, start, size)
                : follow ? LibCAttributes.listxattr(path, start, size)
                : LibCAttributes.llistxattr(path, start, size);
            names = length > 0 ? buffer[..(int)length] : default;
            return LibC.Outcome(length);
        }
    }

    private Errno GetInto(ReadOnlySpan<byte> name, Span<byte> buffer, out ReadOnlySpan<byte> value)
    {
        fixed (byte* start = buffer, attribute = name)
        {
            var size = (nuint)buffer.Length;
            var length = open is not null ? LibCAttributes.fgetxattr(open, attribute, start, size)
                : follow ? LibCAttributes.getxattr(path, attribute, start, size)
                : LibCAttributes.lgetxattr(path, attribute, start, size);
            value = length > 0 ? buffer[..(int)length] : default;
            return LibC.Outcome(length);
        }
    }
}
