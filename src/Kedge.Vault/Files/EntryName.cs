namespace Kedge.Vault.Files;

/// <summary>Names of entries on their way to the system, which wants a zero byte at the end.</summary>
internal static class EntryName
{
    /// <summary>The longest that Linux knows, in bytes (NAME_MAX).</summary>
    internal const int LongestName = 255;

    /// <summary>Where a name and its zero byte find room.</summary>
    internal const int BufferSize = LongestName + 1;

    /// <summary>
    /// Copies a name with its zero byte. A name that would lead elsewhere than to an entry of the folder itself never
    /// reaches the system, whoever made it up.
    /// </summary>
    /// <param name="buffer">At least <see cref="BufferSize"/> bytes.</param>
    /// <returns><see cref="Errno.InvalidName"/> or <see cref="Errno.NameTooLong"/> where it is none.</returns>
    internal static Errno Terminate(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        var error = Check(name);
        if (error == Errno.None)
        {
            name.CopyTo(buffer);
            buffer[name.Length] = 0;
        }

        return error;
    }

    /// <summary>Whether a folder can have an entry of this name.</summary>
    internal static Errno Check(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName)
        {
            return Errno.NameTooLong;
        }

        var isName = !name.IsEmpty && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !name.ContainsAny((byte)'/', (byte)0);
        return isName ? Errno.None : Errno.InvalidName;
    }
}
