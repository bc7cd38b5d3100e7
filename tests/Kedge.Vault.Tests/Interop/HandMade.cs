using System.Text;
using Kedge.Vault.Files;

namespace Kedge.Vault.Tests.Interop;

/// <summary>Makes entries in a folder with names of any bytes. Names in text stand for their Latin-1 bytes, so that <c>"\xff"</c> is one byte.</summary>
internal sealed class HandMade : IDisposable
{
    private readonly FolderHandle folder;

    private HandMade(FolderHandle folder) => this.folder = folder;

    /// <summary>A folder that is made where it does not exist.</summary>
    internal static HandMade At(string path)
    {
        Directory.CreateDirectory(path);
        Need(FolderHandle.Open(PathBytes.Of(path), out var folder));
        return new(folder);
    }

    internal FolderHandle Handle => folder;

    internal static byte[] Bytes(string latin) => Encoding.Latin1.GetBytes(latin);

    internal HandMade Folder(string name)
    {
        Need(folder.MakeFolder(Bytes(name)));
        return Enter(name);
    }

    internal HandMade Enter(string name)
    {
        Need(folder.OpenFolder(Bytes(name), out var below));
        return new(below);
    }

    internal void File(string name, ReadOnlySpan<byte> content = default)
    {
        Need(folder.CreateFile(Bytes(name), out var file));
        using (file)
        {
            Need(file.Write(content, 0));
        }
    }

    /// <summary>A file of this length that is a hole but for the islands.</summary>
    internal void Sparse(string name, long length, params (long Offset, byte[] Content)[] islands)
    {
        Need(folder.CreateFile(Bytes(name), out var file));
        using (file)
        {
            Need(file.SetLength(length));
            foreach (var (offset, content) in islands)
            {
                Need(file.Write(content, offset));
            }
        }
    }

    internal void Link(string name, string target) => Need(folder.MakeLink(Bytes(name), Bytes(target)));

    internal void HardLink(string name, HandMade other, string otherName) => Need(folder.MakeHardLink(Bytes(name), other.folder, Bytes(otherName)));

    internal void Special(string name, FileKind kind, ulong device = 0) => Need(folder.MakeSpecial(Bytes(name), kind, device));

    internal void Permissions(string name, uint permissions) => Change(name, entry => entry.SetPermissions(permissions));

    internal void Owner(string name, uint user, uint group) => Change(name, entry => entry.SetOwner(user, group));

    internal void Times(string name, long seconds, int nanoseconds) => Change(name, entry => entry.SetTimes(new(seconds + 7, 8), new(seconds, nanoseconds)));

    /// <returns>False where the file system has no such attributes.</returns>
    internal bool Attribute(string name, string attribute, params byte[] value)
    {
        var isThere = true;
        Change(name, entry =>
        {
            var error = entry.SetAttribute(Bytes(attribute), value);
            isThere = error != Errno.NotSupported;
            return isThere ? error : Errno.None;
        });
        return isThere;
    }

    /// <summary>An ACL that lets user 1 read and write beside owner, group and others (acl(5); posix_acl_xattr.h).</summary>
    internal bool Acl(string name, bool forNewEntries = false)
    {
        ReadOnlySpan<(ushort Tag, ushort Permissions, uint Id)> entries = [(1, 7, uint.MaxValue), (2, 6, 1), (4, 5, uint.MaxValue), (16, 7, uint.MaxValue), (32, 0, uint.MaxValue)];
        var value = new MemoryStream();
        var writer = new BinaryWriter(value);
        writer.Write(2U);
        foreach (var (tag, permissions, id) in entries)
        {
            writer.Write(tag);
            writer.Write(permissions);
            writer.Write(id);
        }

        return Attribute(name, forNewEntries ? "system.posix_acl_default" : "system.posix_acl_access", value.ToArray());
    }

    public void Dispose() => folder.Dispose();

    private void Change(string name, Func<EntryHandle, Errno> change)
    {
        Need(folder.HoldEntry(Bytes(name), out var entry, out _));
        using (entry)
        {
            Need(change(entry));
        }
    }

    internal static void Need(Errno error)
    {
        if (error != Errno.None)
        {
            throw new IOException($"a test cannot make its files: {error.Words()}");
        }
    }
}
