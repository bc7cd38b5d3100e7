using Kedge.Vault.Format;
using Kedge.Vault.Threads;

namespace Kedge.Vault.Upkeep;

/// <summary>
/// Reads stretches of packs ahead on some threads, and works on them on as many others as there are processors, so that
/// disk or network and processors are busy at the same time. Memory is bounded.
/// </summary>
internal sealed class PackFeed
{
    /// <summary>Bytes in memory, at least: an ordinary pack for each processor, and two that are being read; a network wants more.</summary>
    private const long LocalLimit = 72L << 20;
    private const long RemoteLimit = 108L << 20;

    private readonly VaultRepository vault;
    private readonly IEnumerator<PackSpan> spans;
    private readonly CancellationToken cancellation;
    private readonly SpanBuffers buffers;
    private readonly Lock source = new();
    private readonly object gate = new();
    private readonly Queue<Piece> ready = new();
    private int reading;
    private bool isStopped;

    private PackFeed(VaultRepository vault, IEnumerator<PackSpan> spans, CancellationToken cancellation)
    {
        (this.vault, this.spans, this.cancellation) = (vault, spans, cancellation);
        buffers = new(vault.Backend.Traits.IsRemote ? RemoteLimit : Math.Max(LocalLimit, (Environment.ProcessorCount + 2L) * SpanBuffers.Usual));
    }

    /// <summary>Reads all these stretches and has them worked on, in no order.</summary>
    /// <param name="spans">Asked for the next one by one thread at a time.</param>
    /// <param name="workers">Called once for each working thread.</param>
    /// <exception cref="VaultException">The storage failed, other than by a pack that is missing or too short.</exception>
    internal static async Task RunAsync(VaultRepository vault, IEnumerable<PackSpan> spans, Func<IPackWorker> workers, CancellationToken cancellation)
    {
        using var enumerator = spans.GetEnumerator();
        var feed = new PackFeed(vault, enumerator, cancellation);
        var readers = Math.Clamp(vault.Backend.Traits.Connections, 2, 8);
        var next = 0;
        feed.reading = readers;
        await Crew.RunAsync(
            "packs",
            readers + Environment.ProcessorCount,
            () =>
            {
                if (Interlocked.Increment(ref next) <= readers)
                {
                    feed.Read();
                }
                else
                {
                    feed.Work(workers);
                }
            },
            feed.Stop,
            cancellation);
    }

    private void Read()
    {
        try
        {
            while (TryNext() is { } span && buffers.Rent(span.Length) is { } buffer)
            {
                var bytes = buffer.AsMemory(0, span.Length);
                VaultException? problem = null;
                try
                {
                    vault.Backend.ReadAsync(new(ObjectKind.Pack, span.Id), span.Offset, bytes, cancellation).GetAwaiter().GetResult();
                }
                catch (VaultException failure) when (failure.Fault is VaultFault.NotFound or VaultFault.Damaged)
                {
                    problem = failure;
                }

                lock (gate)
                {
                    ready.Enqueue(new(span, buffer, problem));
                    Monitor.Pulse(gate);
                }
            }
        }
        finally
        {
            lock (gate)
            {
                reading--;
                Monitor.PulseAll(gate);
            }
        }
    }

    private PackSpan? TryNext()
    {
        lock (source)
        {
            cancellation.ThrowIfCancellationRequested();
            return spans.MoveNext() ? spans.Current : null;
        }
    }

    private void Work(Func<IPackWorker> workers)
    {
        using var worker = workers();
        while (Take() is { } piece)
        {
            if (piece.Problem is { } problem)
            {
                worker.Unreadable(piece.Span, problem);
            }
            else
            {
                worker.Work(piece.Span, piece.Buffer.AsMemory(0, piece.Span.Length));
            }

            buffers.Return(piece.Buffer);
        }
    }

    private Piece? Take()
    {
        lock (gate)
        {
            while (ready.Count == 0 && reading > 0 && !isStopped)
            {
                Monitor.Wait(gate);
            }

            return !isStopped && ready.TryDequeue(out var piece) ? piece : null;
        }
    }

    private void Stop()
    {
        buffers.Stop();
        lock (gate)
        {
            isStopped = true;
            Monitor.PulseAll(gate);
        }
    }

    private sealed record Piece(PackSpan Span, byte[] Buffer, VaultException? Problem);
}
