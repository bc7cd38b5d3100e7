using Kedge.Vault.Backends;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;

namespace Kedge.Vault;

/// <summary>
/// An opened vault: a repository in restic's format (versions 1 and 2), its key, and where it is kept. Backup, restore and
/// all else take one. May be used by many threads; owns the backend and the key, and disposes of them.
/// </summary>
public sealed class VaultRepository : IAsyncDisposable
{
    /// <summary>No config, snapshot or lock is longer, in bytes.</summary>
    private const int SmallLimit = 16 << 20;

    /// <summary>No index file is longer, in bytes; restic's have about 8 MiB.</summary>
    private const int IndexLimit = 512 << 20;

    private readonly ThreadLocal<Sealing> sealing;
    private bool isDisposed;

    private VaultRepository(IBackend backend, MasterKey key, ObjectId keyId, VaultConfig config, TimeProvider time)
    {
        Backend = backend;
        Key = key;
        KeyId = keyId;
        Config = config;
        Time = time;
        sealing = new(() => new(key), trackAllValues: true);
    }

    public VaultConfig Config { get; }

    /// <summary>The key file with which it was opened, or that has taken its place since.</summary>
    public ObjectId KeyId { get; internal set; }

    public IBackend Backend { get; }

    internal MasterKey Key { get; }

    internal TimeProvider Time { get; }

    /// <summary>Whether the storage holds a vault already.</summary>
    public static async Task<bool> ExistsAsync(IBackend backend, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(backend);
        try
        {
            await backend.LengthAsync(ObjectName.Config, cancellation);
            return true;
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.NotFound)
        {
            return false;
        }
    }

    /// <summary>Makes a vault where none is.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.AlreadyExists"/>, also where only the keys of a vault are there; or
    /// what the storage says.</exception>
    public static async Task<VaultRepository> InitAsync(IBackend backend, NewVault wanted, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(wanted);
        if (await ExistsAsync(backend, cancellation))
        {
            throw new VaultException(VaultFault.AlreadyExists, $"there is a vault at {backend.Traits.Location} already", "Use it as it is, or choose another place.");
        }

        await backend.PrepareAsync(cancellation);
        await DemandNoKeysAsync(backend, cancellation);
        var master = wanted.SameKeyAs is null ? MasterKey.Create() : MasterKey.CopyOf(wanted.SameKeyAs.Key);
        var config = wanted.ToConfig();
        var keyFile = KeyFile.Create(wanted.Password.Span, master, wanted.Owner, wanted.Cost).Write();
        var keyId = ObjectId.Of(keyFile);
        await backend.SaveAsync(new(ObjectKind.Key, keyId), keyFile, cancellation);
        var vault = new VaultRepository(backend, master, keyId, config, time);
        // The config comes last: without one there is no vault.
        await backend.SaveAsync(ObjectName.Config, vault.Seal(config.Write()), cancellation);
        return vault;
    }

    /// <summary>Opens a vault with a password, which may fit any of its keys.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NoVault"/>, <see cref="VaultFault.WrongPassword"/>,
    /// <see cref="VaultFault.Damaged"/>, or what the storage says.</exception>
    public static async Task<VaultRepository> OpenAsync(IBackend backend, ReadOnlyMemory<char> password, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (!await ExistsAsync(backend, cancellation))
        {
            throw new VaultException(VaultFault.NoVault, $"there is no vault at {backend.Traits.Location}", "Make one with 'kedge vault init', or mend --repo.");
        }

        var (key, keyId) = await KeySearch.FindAsync(backend, password, cancellation);
        try
        {
            var plain = await SecondLook.AtAsync(async () => Open(key, await LoadWholeAsync(backend, ObjectName.Config, SmallLimit, cancellation), ObjectName.Config));
            return new(backend, key, keyId, VaultConfig.Parse(plain), time);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>All objects of a kind.</summary>
    public async Task<List<StoredObject>> ListAsync(ObjectKind kind, CancellationToken cancellation)
    {
        var all = new List<StoredObject>();
        await foreach (var one in Backend.ListAsync(kind, cancellation))
        {
            all.Add(one);
        }

        return all;
    }

    /// <summary>The plain content of a lock, snapshot or index file, whose name and MAC were found right.</summary>
    public async Task<byte[]> LoadAsync(ObjectKind kind, ObjectId id, CancellationToken cancellation)
    {
        var name = new ObjectName(kind, id);
        var limit = kind == ObjectKind.Index ? IndexLimit : SmallLimit;
        var stored = await SecondLook.AtAsync(() => LoadNamedAsync(Backend, name, limit, cancellation));
        using var content = new UnpackedContent(Config.Version);
        return content.Decode(Open(Key, stored, name), limit).ToArray();
    }

    /// <summary>Stores a lock, snapshot or index file.</summary>
    public async Task<ObjectId> SaveAsync(ObjectKind kind, ReadOnlyMemory<byte> json, CancellationToken cancellation)
    {
        using var content = new UnpackedContent(Config.Version);
        var stored = Seal(content.Encode(json).Span);
        var id = ObjectId.Of(stored);
        await Backend.SaveAsync(new(kind, id), stored, cancellation);
        return id;
    }

    /// <summary>Reads the whole index.</summary>
    public Task<BlobIndex> LoadIndexAsync(CancellationToken cancellation) => IndexLoading.LoadAsync(this, cancellation);

    /// <summary>A reader of blobs for one thread.</summary>
    public BlobReader OpenReader() => new(this);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
        {
            return;
        }

        foreach (var one in sealing.Values)
        {
            one.Dispose();
        }

        sealing.Dispose();
        Key.Dispose();
        await Backend.DisposeAsync();
    }

    /// <summary>
    /// Keys without a config are what an interrupted init left, or all that is left of a vault whose config is lost. With keys
    /// of two masters side by side, a password could open the wrong one.
    /// </summary>
    private static async Task DemandNoKeysAsync(IBackend backend, CancellationToken cancellation)
    {
        try
        {
            await foreach (var key in backend.ListAsync(ObjectKind.Key, cancellation))
            {
                throw new VaultException(
                    VaultFault.AlreadyExists,
                    $"there is no config at {backend.Traits.Location}, but a key ({key.Name.Id.Short})",
                    "If an init was interrupted here, and nothing was ever backed up, remove the folder 'keys' and try again. Otherwise a vault has lost its config: bring that back.");
            }
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Denied)
        {
            // Who may only store objects cannot look.
        }
    }

    private static async Task<byte[]> LoadWholeAsync(IBackend backend, ObjectName name, long limit, CancellationToken cancellation)
    {
        var length = await backend.LengthAsync(name, cancellation);
        if (length > limit)
        {
            throw VaultException.Damaged($"{name} has {length} bytes; no more than {limit} are believed");
        }

        var stored = GC.AllocateUninitializedArray<byte>((int)length);
        await backend.ReadAsync(name, 0, stored, cancellation);
        return stored;
    }

    /// <summary>The same of an object that is named for its content.</summary>
    internal static async Task<byte[]> LoadNamedAsync(IBackend backend, ObjectName name, long limit, CancellationToken cancellation)
    {
        var stored = await LoadWholeAsync(backend, name, limit, cancellation);
        return ObjectId.Of(stored) == name.Id ? stored : throw VaultException.Damaged($"{name} has another content than its name says");
    }

    private static byte[] Open(MasterKey key, byte[] stored, ObjectName name)
    {
        using var opening = new Sealing(key);
        var plain = GC.AllocateUninitializedArray<byte>(Math.Max(0, stored.Length - Sealing.Overhead));
        return opening.TryOpen(stored, plain)
            ? plain
            : throw VaultException.Damaged($"{name} is damaged or forged (its MAC is wrong)");
    }

    private byte[] Seal(ReadOnlySpan<byte> plain)
    {
        var stored = GC.AllocateUninitializedArray<byte>(plain.Length + Sealing.Overhead);
        sealing.Value!.Seal(plain, stored);
        return stored;
    }
}
