using System.Buffers.Text;

namespace Kedge.Vault.Files;

/// <summary>
/// Paths through <c>/proc/self/fd</c> (proc(5)), for the calls that take no descriptor of the kind that we have. They lead to
/// the very thing that is open, whatever has become of its name.
/// </summary>
internal static class DescriptorPath
{
    /// <summary>Where such a path with a name below it finds room.</summary>
    internal const int BufferSize = 32 + EntryName.BufferSize;

    private static ReadOnlySpan<byte> Folder => "/proc/self/fd/"u8;

    /// <summary>The path of what is open; calls have to follow it. Ends with a zero byte.</summary>
    internal static int Write(int descriptor, Span<byte> buffer)
    {
        Folder.CopyTo(buffer);
        Utf8Formatter.TryFormat(descriptor, buffer[Folder.Length..], out var digits);
        var length = Folder.Length + digits;
        buffer[length] = 0;
        return length;
    }

    /// <summary>The path of an entry in a folder that is open; calls must not follow its last name.</summary>
    internal static Errno Write(int folder, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        var length = Write(folder, buffer);
        buffer[length] = PathBytes.Separator;
        return EntryName.Terminate(name, buffer[(length + 1)..]);
    }
}
