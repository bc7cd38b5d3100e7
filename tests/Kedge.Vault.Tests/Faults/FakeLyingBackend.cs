using System.Runtime.CompilerServices;
using Kedge.Vault.Backends;
using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// Storage that now and then gives out other bytes, other lengths and lists that lack something or have what is not there,
/// and stores as it should. No real server can be brought to that on purpose.
/// </summary>
/// <param name="chance">Of each answer to be a lie, 0 to 1.</param>
internal sealed class FakeLyingBackend(IBackend inner, double chance, int seed) : IBackend
{
    private readonly Random random = new(seed);
    private int lies;

    internal int Lies => lies;

    public BackendTraits Traits => inner.Traits;

    public Task PrepareAsync(CancellationToken cancellation) => inner.PrepareAsync(cancellation);

    public Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => inner.SaveAsync(name, content, cancellation);

    public async Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        await inner.ReadAsync(name, offset, buffer, cancellation);
        if (buffer.Length > 0 && Lie(out var how))
        {
            switch (how % 3)
            {
                case 0:
                    buffer.Span[how % buffer.Length] ^= (byte)(1 << (how % 8));
                    break;
                case 1:
                    buffer.Span[(how % buffer.Length)..].Clear();
                    break;
                default:
                    // Another part of the same object, or the same with its ends changed.
                    buffer.Span.Reverse();
                    break;
            }
        }
    }

    public async Task<long> LengthAsync(ObjectName name, CancellationToken cancellation)
    {
        var length = await inner.LengthAsync(name, cancellation);
        return Lie(out var how) ? Math.Max(0, length + (how % 3 == 0 ? 1L << 45 : (how % 100) - 50)) : length;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var one in inner.ListAsync(kind, cancellation))
        {
            if (!Lie(out var how))
            {
                yield return one;
            }
            else if (how % 3 == 0)
            {
                // It is there twice, and another is not there at all.
                yield return one;
                yield return one;
                yield return new(new(kind, ObjectId.Of(BitConverter.GetBytes(how))), 1000);
            }
            else if (how % 3 == 1)
            {
                yield return one with { Length = how % 1_000_000 };
            }
        }
    }

    public Task RemoveAsync(ObjectName name, CancellationToken cancellation) => inner.RemoveAsync(name, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private bool Lie(out int how)
    {
        lock (random)
        {
            how = random.Next();
            if (random.NextDouble() >= chance)
            {
                return false;
            }

            lies++;
            return true;
        }
    }
}
