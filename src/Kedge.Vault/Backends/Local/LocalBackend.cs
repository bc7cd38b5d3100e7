using System.Security.Cryptography;
using Kedge.Vault.Format;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Vault.Backends.Local;

/// <summary>
/// A vault in a folder, as restic lays it out. Saving and reading happen in the caller's thread: its tasks have ended when
/// they are returned.
/// </summary>
internal sealed class LocalBackend : IBackend, IRemains
{
    private const int OpenPackLimit = 64;
    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnFile = UnixFileMode.UserRead;
    private const UnixFileMode GroupFolder = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    private readonly string root;
    private readonly TimeProvider time;
    private readonly OpenPacks openPacks;
    private readonly Lazy<bool> isShared;

    /// <param name="folder">Relative to the current folder, or absolute.</param>
    /// <param name="location">As a person gave it.</param>
    internal LocalBackend(string folder, string location, int connections, TimeProvider time)
    {
        root = Path.GetFullPath(folder);
        this.time = time;
        Traits = new() { Location = location, Connections = connections, IsRemote = false };
        openPacks = new(OpenPackLimit, id => Open(new(ObjectKind.Pack, id)));
        // As restic has it: a vault whose config the group may read is the group's.
        isShared = new(() => LocalCalls.TryStatus(PathOf(ObjectName.Config)) is { } config && config.Mode.HasFlag(UnixFileMode.GroupRead));
    }

    public BackendTraits Traits { get; }

    private UnixFileMode FolderMode => isShared.Value ? OwnFolder | GroupFolder : OwnFolder;

    private UnixFileMode FileMode => isShared.Value ? OwnFile | UnixFileMode.GroupRead : OwnFile;

    public Task PrepareAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        MakeRoot(root);
        foreach (var kind in StorageLayout.KindsWithFolder)
        {
            LocalCalls.MakeFolder(Path.Join(root, ObjectName.FolderOf(kind)), FolderMode);
        }

        var packs = Path.Join(root, ObjectName.FolderOf(ObjectKind.Pack));
        foreach (var folder in StorageLayout.PackFolders)
        {
            LocalCalls.MakeFolder(Path.Join(packs, folder), FolderMode);
        }

        LocalCalls.SyncFolder(packs);
        LocalCalls.SyncFolder(root);
        return Task.CompletedTask;
    }

    public Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var folder = Path.Join(root, StorageLayout.FolderOf(name));
        var path = PathOf(name);
        var temporary = $"{path}{LocalListing.Unfinished}{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var file = CreateIn(folder, temporary);
        try
        {
            using (file)
            {
                LocalCalls.Write(file, content.Span, temporary);
                LocalCalls.Protect(file, FileMode, temporary);
                LocalCalls.Sync(file, temporary);
            }

            LocalCalls.Rename(temporary, path);
        }
        catch (VaultException e)
        {
            TryRemove(temporary);
            if (e.Fault == VaultFault.AlreadyExists)
            {
                // Whoever takes it for stored relies on a name that may not be on the disk yet.
                LocalCalls.SyncFolder(folder);
            }

            throw;
        }

        LocalCalls.SyncFolder(folder);
        return Task.CompletedTask;
    }

    public Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (name.Kind == ObjectKind.Pack)
        {
            ReadPack(name, offset, buffer.Span);
        }
        else
        {
            using var file = Open(name);
            Fill(file, name, offset, buffer.Span);
        }

        return Task.CompletedTask;
    }

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = PathOf(name);
        return Task.FromResult((LocalCalls.TryStatus(path) ?? throw LocalFaults.Of(LocalFaults.NoEntry, path)).Length);
    }

    public IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, CancellationToken cancellation) =>
        new LocalListing(root, cancellation).Of(kind).ToAsyncEnumerable();

    public Task RemoveAsync(ObjectName name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        LocalCalls.Remove(PathOf(name));
        switch (name.Kind)
        {
            case ObjectKind.Pack:
                openPacks.Forget(name.Id);
                break;
            case ObjectKind.Lock:
                break;
            default:
                // What referred to others must not come back after a power failure that the others did not survive.
                LocalCalls.SyncFolder(Path.Join(root, StorageLayout.FolderOf(name)));
                break;
        }

        return Task.CompletedTask;
    }

    public Task<int> ClearRemainsAsync(TimeSpan olderThan, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var file in new LocalListing(root, cancellation).Remains(time.GetUtcNow() - olderThan))
        {
            LocalCalls.Remove(file);
            count++;
        }

        return Task.FromResult(count);
    }

    public ValueTask DisposeAsync()
    {
        openPacks.Dispose();
        return ValueTask.CompletedTask;
    }

    private string PathOf(ObjectName name) => Path.Join(root, StorageLayout.PathOf(name));

    private void ReadPack(ObjectName name, long offset, Span<byte> buffer)
    {
        while (true)
        {
            var file = openPacks.Get(name.Id);
            try
            {
                Fill(file, name, offset, buffer);
                return;
            }
            catch (ObjectDisposedException)
            {
                // Others have pushed it out, or it was removed, since we got it.
            }
        }
    }

    private void Fill(SafeFileHandle file, ObjectName name, long offset, Span<byte> buffer)
    {
        var count = LocalCalls.Read(file, offset, buffer, out var error);
        if (error != 0)
        {
            throw LocalFaults.Of(error, PathOf(name));
        }

        if (count < buffer.Length || (buffer.IsEmpty && offset > LocalCalls.StatusOf(file, root).Length))
        {
            throw BackendFaults.TooShort(name, offset, buffer.Length);
        }
    }

    private SafeFileHandle Open(ObjectName name)
    {
        var path = PathOf(name);
        var file = LocalCalls.OpenForReading(path);
        try
        {
            if (!LocalCalls.StatusOf(file, path).IsRegular)
            {
                throw VaultException.Damaged($"{path} is not a file");
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes the folder first, where a vault lacks it (some have only those pack folders that they needed so far). Never the
    /// vault's own: where that is missing, its disk is.
    /// </summary>
    private SafeFileHandle CreateIn(string folder, string temporary)
    {
        try
        {
            return LocalCalls.CreateNew(temporary);
        }
        catch (VaultException e) when (e.Fault == VaultFault.NotFound && folder != root && LocalCalls.TryStatus(root) is not null)
        {
            foreach (var missing in new[] { Path.GetDirectoryName(folder)!, folder }.Where(f => f.Length > root.Length))
            {
                if (LocalCalls.MakeFolder(missing, FolderMode))
                {
                    LocalCalls.SyncFolder(Path.GetDirectoryName(missing)!);
                }
            }

            return LocalCalls.CreateNew(temporary);
        }
    }

    private static void MakeRoot(string folder)
    {
        if (LocalCalls.TryStatus(folder) is not null)
        {
            return;
        }

        var above = Path.GetDirectoryName(folder)!;
        MakeRoot(above);
        if (LocalCalls.MakeFolder(folder, OwnFolder))
        {
            LocalCalls.SyncFolder(above);
        }
    }

    /// <summary>The failure that brought us here is the one to report, not that its remains could not be removed either.</summary>
    private static void TryRemove(string temporary)
    {
        try
        {
            LocalCalls.Remove(temporary);
        }
        catch (VaultException)
        {
            // It has an ending that everybody passes over.
        }
    }
}
