using System.Diagnostics;
using Kedge.Vault.Backends;
using Kedge.Vault.Format;

namespace Kedge.VaultHost;

/// <summary>
/// Ends this process with SIGKILL before, within or after one of its changes to a vault in a folder, counted from 1.
/// Within a save half of the content is left under a name that is not the object's, as a saver leaves it.
/// </summary>
/// <param name="stop">As <c>before:3</c>, <c>within:3</c> or <c>after:3</c>; <c>none</c> to go by all of them.</param>
internal sealed class StoppingBackend(IBackend inner, string folder, string stop) : IBackend
{
    private int changes;

    /// <summary>How many changes there were so far.</summary>
    internal int Changes => Volatile.Read(ref changes);

    public BackendTraits Traits => inner.Traits;

    public Task PrepareAsync(CancellationToken cancellation) => inner.PrepareAsync(cancellation);

    public async Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref changes);
        StopAt("before", number);
        if (stop == $"within:{number}")
        {
            Tear(name, content.Span);
            StopAt("within", number);
        }

        await inner.SaveAsync(name, content, cancellation);
        StopAt("after", number);
    }

    public Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation) =>
        inner.ReadAsync(name, offset, buffer, cancellation);

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) => inner.LengthAsync(name, cancellation);

    public IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, CancellationToken cancellation) => inner.ListAsync(kind, cancellation);

    public async Task RemoveAsync(ObjectName name, CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref changes);
        StopAt("before", number);
        await inner.RemoveAsync(name, cancellation);
        StopAt("within", number);
        StopAt("after", number);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private void StopAt(string moment, int number)
    {
        if (stop == $"{moment}:{number}")
        {
            Process.GetCurrentProcess().Kill();
        }
    }

    private void Tear(ObjectName name, ReadOnlySpan<byte> content)
    {
        var place = name.Kind == ObjectKind.Pack ? Path.Join("data", $"{name.Id}"[..2], $"{name.Id}") : $"{name}";
        using var file = File.Create(Path.Join(folder, $"{place}-tmp-0123456789abcdef"));
        file.Write(content[..(content.Length / 2)]);
    }
}
