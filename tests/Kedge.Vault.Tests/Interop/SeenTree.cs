using System.Security.Cryptography;
using System.Text;
using Kedge.Vault.Files;
using Xunit;

namespace Kedge.Vault.Tests.Interop;

/// <summary>
/// All that is in a folder, as exactly as a file system knows it: two of them are the same, or the test says what differs.
/// Goes through folders of any depth, and never follows a link.
/// </summary>
internal sealed class SeenTree
{
    private const int Block = 64 << 10;

    private readonly Dictionary<(ulong, ulong), string> firstNames = [];

    private SeenTree()
    {
    }

    /// <summary>By path below the folder, in the order of bytes, with \xHH for what is no text; <c>.</c> is the folder.</summary>
    internal SortedDictionary<string, SeenEntry> Entries { get; } = new(StringComparer.Ordinal);

    internal static SeenTree Of(string folder) => Of(PathBytes.Of(folder));

    internal static SeenTree Of(byte[] folder)
    {
        var tree = new SeenTree();
        Need(FolderHandle.Open(folder, out var top), folder);
        using (top)
        {
            Need(top.Status(out var status), folder);
            tree.Entries["."] = tree.See(".", top, status, [], "");
            tree.Walk(top);
        }

        return tree;
    }

    /// <param name="but">Paths that are left out, and why is said at the call.</param>
    internal static void MustBeSame(SeenTree expected, SeenTree actual, params string[] but)
    {
        var differences = new StringBuilder();
        foreach (var path in expected.Entries.Keys.Union(actual.Entries.Keys).Except(but))
        {
            var (wanted, seen) = (expected.Entries.GetValueOrDefault(path), actual.Entries.GetValueOrDefault(path));
            if (wanted != seen && differences.Length < 4000)
            {
                differences.Append($"{path}\n  was {wanted?.ToString() ?? "not there"}\n  is  {seen?.ToString() ?? "not there"}\n");
            }
        }

        Assert.True(differences.Length == 0, differences.ToString());
    }

    internal static void MustBeSame(string expected, string actual, params string[] but) => MustBeSame(Of(expected), Of(actual), but);

    /// <summary>The same with some of it looked at in another way.</summary>
    internal SeenTree With(Func<string, SeenEntry, SeenEntry> change)
    {
        var changed = new SeenTree();
        foreach (var (path, entry) in Entries)
        {
            changed.Entries[path] = change(path, entry);
        }

        return changed;
    }

    private void Walk(FolderHandle top)
    {
        using var trail = new FolderTrail(top);
        var listing = new FolderListing();
        var path = new PathBuffer([]);
        var pending = new Stack<(int Length, Stack<byte[]> Folders)>();
        pending.Push((0, Look(trail.Current, listing, path)));
        while (true)
        {
            if (pending.Peek().Folders.TryPop(out var name))
            {
                var before = path.Append(name);
                Need(trail.Enter(name), path.Bytes);
                pending.Push((before, Look(trail.Current, listing, path)));
            }
            else if (pending.Count == 1)
            {
                return;
            }
            else
            {
                path.CutTo(pending.Pop().Length);
                Need(trail.Leave(), path.Bytes);
            }
        }
    }

    private Stack<byte[]> Look(FolderHandle folder, FolderListing listing, PathBuffer path)
    {
        var folders = new Stack<byte[]>();
        Need(listing.Read(folder), path.Bytes);
        for (var i = 0; i < listing.Count; i++)
        {
            var name = listing[i].Name.ToArray();
            var before = path.Append(name);
            Need(folder.HoldEntry(name, out var entry, out var status), path.Bytes);
            using (entry)
            {
                var text = PathText.Of(path.Bytes);
                var (target, content) = (Array.Empty<byte>(), "");
                if (status.Kind == FileKind.Link)
                {
                    Need(folder.ReadLink(name, out target), path.Bytes);
                }
                else if (status.Kind == FileKind.File)
                {
                    Need(folder.OpenFile(name, out var file, out _), path.Bytes);
                    using (file)
                    {
                        content = ContentOf(file, status.Size);
                    }
                }

                Entries[text] = See(text, entry, status, target, content);
            }

            path.CutTo(before);
            if (status.Kind == FileKind.Folder)
            {
                folders.Push(name);
            }
        }

        return folders;
    }

    private SeenEntry See(string path, Descriptor open, in FileStatus status, byte[] target, string content)
    {
        Need(open.ReadAttributes(out var attributes), Encoding.UTF8.GetBytes(path));
        firstNames.TryAdd((status.Device, status.Inode), path);
        return new(
            status.Kind.ToString(),
            Convert.ToString(status.Permissions, 8),
            status.UserId,
            status.GroupId,
            $"{status.ModificationTime.Seconds}.{status.ModificationTime.Nanoseconds:d9}",
            PathText.Of(target),
            status.Kind == FileKind.Folder ? "" : firstNames[(status.Device, status.Inode)],
            status.Kind is FileKind.BlockDevice or FileKind.CharacterDevice ? status.RepresentedDevice : 0,
            // Of folders it says how the file system keeps its names.
            status.Kind == FileKind.Folder ? 0 : status.Size,
            string.Join(' ', attributes.Select(a => $"{Encoding.ASCII.GetString(a.Name)}={Convert.ToHexString(a.Value)}").Order(StringComparer.Ordinal)),
            content)
        {
            Allocated = status.AllocatedBytes,
            Inode = status.Inode,
            Changed = $"{status.ChangeTime.Seconds}.{status.ChangeTime.Nanoseconds:d9}",
        };
    }

    /// <summary>Of what is not zero, and where it stands: holes cost nothing.</summary>
    private static string ContentOf(FileHandle file, long size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Block];
        for (var at = 0L; at >= 0 && at < size;)
        {
            Need(file.FindData(at, size, out var start, out var end), []);
            for (at = start / Block * Block; at >= 0 && at < end; at += Block)
            {
                Need(file.Read(buffer.AsSpan(0, (int)Math.Min(Block, size - at)), at, out var count), []);
                var block = buffer.AsSpan(0, count);
                if (block.ContainsAnyExcept((byte)0))
                {
                    hash.AppendData(BitConverter.GetBytes(at));
                    hash.AppendData(block);
                }
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 12));
    }

    private static void Need(Errno error, ReadOnlySpan<byte> path)
    {
        if (error != Errno.None)
        {
            throw FileSystemError.At(error, "look at", path);
        }
    }
}
