using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kedge.Vault.Files;

/// <summary>
/// The names in a folder, in the order of their bytes, in one growing buffer that is used again for the next folder. Belongs to
/// one thread at a time. Takes about 32 bytes an entry and its name.
/// </summary>
internal sealed unsafe class FolderListing
{
    private const int BlockSize = 32 * 1024;

    // struct linux_dirent64 (getdents(2)): inode, offset, length of the record, kind, name with a zero byte.
    private const int RecordLengthAt = 16;
    private const int KindAt = 18;
    private const int NameAt = 19;

    private readonly Comparison<Entry> byBytes;
    private byte[] names = new byte[1024];
    private Entry[] entries = new Entry[32];
    private int namesLength;

    internal FolderListing() => byBytes = Compare;

    internal int Count { get; private set; }

    internal FolderEntry this[int index]
    {
        get
        {
            ref readonly var entry = ref entries.AsSpan(0, Count)[index];
            return new(names.AsSpan(entry.Start, entry.Length), entry.Kind, entry.Inode);
        }
    }

    /// <summary>
    /// Reads all names but <c>.</c> and <c>..</c>. What comes or goes meanwhile may be there or not; no name is there twice.
    /// </summary>
    /// <returns>After an error the listing is empty.</returns>
    internal Errno Read(FolderHandle folder)
    {
        Count = 0;
        namesLength = 0;
        var error = folder.WasListed ? LibC.Outcome((nint)LibC.lseek(folder, 0, 0)) : Errno.None;
        folder.WasListed = true;
        error = error == Errno.None ? ReadAll(folder) : error;
        if (error != Errno.None)
        {
            Count = 0;
            return error;
        }

        entries.AsSpan(0, Count).Sort(byBytes);
        RemoveDoubles();
        return Errno.None;
    }

    /// <returns>The index of a name, or a negative number.</returns>
    internal int Find(ReadOnlySpan<byte> name)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var order = this[middle].Name.SequenceCompareTo(name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    [SkipLocalsInit]
    private Errno ReadAll(FolderHandle folder)
    {
        var block = stackalloc byte[BlockSize];
        while (true)
        {
            var length = LibC.getdents64(SystemCallNumber, folder, block, BlockSize);
            if (length <= 0)
            {
                return LibC.Outcome(length);
            }

            var records = new ReadOnlySpan<byte>(block, (int)length);
            while (!records.IsEmpty)
            {
                var record = records[..MemoryMarshal.Read<ushort>(records[RecordLengthAt..])];
                records = records[record.Length..];
                var name = record[NameAt..];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !Add(name, (FileKind)record[KindAt], MemoryMarshal.Read<ulong>(record)))
                {
                    return Errno.Overflow;
                }
            }
        }
    }

    private bool Add(ReadOnlySpan<byte> name, FileKind kind, ulong inode)
    {
        if (namesLength > Array.MaxLength - name.Length)
        {
            return false;
        }

        if (namesLength + name.Length > names.Length)
        {
            Array.Resize(ref names, (int)Math.Min(Math.Max(2L * names.Length, namesLength + name.Length), Array.MaxLength));
        }

        if (Count == entries.Length)
        {
            Array.Resize(ref entries, 2 * Count);
        }

        name.CopyTo(names.AsSpan(namesLength));
        entries[Count++] = new() { Prefix = PrefixOf(name), Inode = inode, Start = namesLength, Length = (ushort)name.Length, Kind = kind };
        namesLength += name.Length;
        return true;
    }

    /// <summary>A folder that is changed while it is read may show a name twice, which no snapshot may.</summary>
    private void RemoveDoubles()
    {
        var kept = Math.Min(Count, 1);
        for (var index = 1; index < Count; index++)
        {
            if (Compare(entries[kept - 1], entries[index]) != 0)
            {
                entries[kept++] = entries[index];
            }
        }

        Count = kept;
    }

    private int Compare(Entry left, Entry right)
    {
        var order = left.Prefix.CompareTo(right.Prefix);
        return order != 0 ? order : names.AsSpan(left.Start, left.Length).SequenceCompareTo(names.AsSpan(right.Start, right.Length));
    }

    /// <summary>The first eight bytes as a number that orders as they do; a name has no zero bytes, which stand for those that it lacks.</summary>
    private static ulong PrefixOf(ReadOnlySpan<byte> name)
    {
        if (name.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(name);
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        name.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    /// <summary>By number, because the C library has a function for it only from 2.30 on.</summary>
    private static nint SystemCallNumber => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 217,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 61,
        var other => throw new PlatformNotSupportedException($"Folders cannot be read on {other}."),
    };

    private struct Entry
    {
        internal ulong Prefix;
        internal ulong Inode;
        internal int Start;
        internal ushort Length;
        internal FileKind Kind;
    }
}
