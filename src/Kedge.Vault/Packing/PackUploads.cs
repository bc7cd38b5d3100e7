using System.Runtime.ExceptionServices;
using Kedge.Vault.Crypto;
using Kedge.Vault.Format;

namespace Kedge.Vault.Packing;

/// <summary>
/// Carries full packs to the storage on threads of its own, so that those who cut and compress do not wait for a disk or
/// a network. There are only so many buffers: whoever is faster than the storage waits for one.
/// </summary>
internal sealed class PackUploads : IDisposable
{
    /// <summary>Room for a full pack's header, and for a last blob that goes over the target a little. Other sizes are made for one huge blob.</summary>
    private const int Capacity = PackBuffer.Target + (3 << 19);

    /// <summary>Each takes a buffer; two keep a disk busy.</summary>
    private const int MostLocal = 2;
    private const int MostRemote = 5;

    private readonly VaultRepository vault;
    private readonly PendingIndex index;
    private readonly CancellationToken cancellation;
    private readonly object gate = new();
    private readonly Stack<PackBuffer> free = new();
    private readonly Queue<PackBuffer> full = new();
    private readonly Thread[] threads;
    private int made;
    private int underway;
    private bool closing;
    private ExceptionDispatchInfo? failure;

    internal PackUploads(VaultRepository vault, PendingIndex index, CancellationToken cancellation)
    {
        this.vault = vault;
        this.index = index;
        this.cancellation = cancellation;
        threads = [.. Enumerable.Range(0, Math.Clamp(vault.Backend.Traits.Connections, 1, vault.Backend.Traits.IsRemote ? MostRemote : MostLocal)).Select(n => new Thread(Carry) { IsBackground = true, Name = $"upload {n}" })];
        foreach (var thread in threads)
        {
            thread.Start();
        }
    }

    /// <summary>Raised after the first failure, so that nobody goes on cutting what cannot be stored.</summary>
    internal event Action? Failed;

    /// <summary>Whether the storage has failed; not where the caller has given up.</summary>
    internal bool HasFailed => failure is { SourceException: not OperationCanceledException };

    /// <summary>Bytes that are stored.</summary>
    internal long BytesStored { get; private set; }

    private int MaximumBuffers => threads.Length + 2;

    /// <summary>An empty buffer; waits until there is one.</summary>
    /// <exception cref="VaultException">The storage failed.</exception>
    internal PackBuffer Rent()
    {
        lock (gate)
        {
            while (true)
            {
                Check();
                if (free.TryPop(out var buffer))
                {
                    return buffer;
                }

                if (made < MaximumBuffers)
                {
                    made++;
                    return new(Capacity);
                }

                Monitor.Wait(gate);
            }
        }
    }

    /// <summary>Hands a pack over. The buffer is no longer the caller's.</summary>
    internal void Send(PackBuffer pack)
    {
        lock (gate)
        {
            Check();
            full.Enqueue(pack);
            underway++;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits until all that was sent is stored, and throws where something was not.</summary>
    internal void Drain()
    {
        lock (gate)
        {
            while (underway > 0 && failure is null)
            {
                Monitor.Wait(gate);
            }

            Check();
        }
    }

    /// <summary>Waits until what was sent is stored, or has failed; nothing more can be sent.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closing = true;
            Monitor.PulseAll(gate);
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    private void Carry()
    {
        using var sealing = new Sealing(vault.Key);
        while (Take() is { } pack)
        {
            try
            {
                Store(pack, sealing);
            }
            catch (Exception problem)
            {
                Fail(problem);
                return;
            }
        }
    }

    private PackBuffer? Take()
    {
        lock (gate)
        {
            while (full.Count == 0 && !closing && failure is null)
            {
                Monitor.Wait(gate);
            }

            return failure is null && full.TryDequeue(out var pack) ? pack : null;
        }
    }

    private void Store(PackBuffer pack, Sealing sealing)
    {
        var whole = pack.Finish(sealing);
        var id = ObjectId.Of(whole.Span);
        vault.Backend.SaveAsync(new(ObjectKind.Pack, id), whole, cancellation).GetAwaiter().GetResult();
        // Only what is stored may be listed: whoever reads the index relies on it.
        index.Add(id, [.. pack.Entries]);
        pack.Clear();
        lock (gate)
        {
            BytesStored += whole.Length;
            underway--;
            if (pack.Capacity == Capacity)
            {
                free.Push(pack);
            }

            Monitor.PulseAll(gate);
        }

        index.WriteIfDue(cancellation);
    }

    private void Fail(Exception problem)
    {
        lock (gate)
        {
            failure ??= ExceptionDispatchInfo.Capture(problem);
            Monitor.PulseAll(gate);
        }

        Failed?.Invoke();
    }

    private void Check()
    {
        failure?.Throw();
        cancellation.ThrowIfCancellationRequested();
    }
}
