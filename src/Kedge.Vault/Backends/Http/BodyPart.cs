using System.Net.Http.Headers;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backends.Http;

/// <summary>Takes the asked-for part of an object out of a server's answer, and nothing but that part.</summary>
/// <param name="Range">What the server says it sends; null where it sends the whole object.</param>
/// <param name="Length">The length that the server announces for its answer, in bytes.</param>
internal readonly record struct BodyPart(ContentRangeHeaderValue? Range, long? Length)
{
    /// <summary>Fills the buffer from <paramref name="body"/>.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where the object ends before the buffer is full;
    /// <see cref="VaultFault.Unavailable"/> where only the answer does.</exception>
    internal async Task FillAsync(Stream body, ObjectName name, long offset, Memory<byte> buffer, StallWatch watch)
    {
        // Who sends another part than the one asked for would pass off bytes from elsewhere.
        if (Range is not null && (Range.From != offset || Range.To is null))
        {
            throw new VaultException(VaultFault.Unavailable, $"the server sends another part of {name} than the one that was asked for");
        }

        var skip = Range is null ? offset : 0;
        if ((Range is null ? Length : Range.To - Range.From + 1) is { } announced && announced < skip + buffer.Length)
        {
            throw BackendFaults.TooShort(name, offset, buffer.Length);
        }

        await SkipAsync(body, name, skip, watch);
        while (buffer.Length > 0)
        {
            var count = await body.ReadAsync(buffer, watch.Token);
            ThrowIfEnded(count, name);
            buffer = buffer[count..];
            watch.Moved();
        }
    }

    private static async Task SkipAsync(Stream body, ObjectName name, long skip, StallWatch watch)
    {
        if (skip == 0)
        {
            return;
        }

        var scratch = new byte[(int)Math.Min(skip, 1 << 16)];
        while (skip > 0)
        {
            var count = await body.ReadAsync(scratch.AsMemory(0, (int)Math.Min(skip, scratch.Length)), watch.Token);
            ThrowIfEnded(count, name);
            skip -= count;
            watch.Moved();
        }
    }

    private static void ThrowIfEnded(int count, ObjectName name)
    {
        if (count == 0)
        {
            throw new VaultException(VaultFault.Unavailable, $"the server stopped in the middle of {name}");
        }
    }
}
