using System.Net;

namespace Kedge.Vault.Backends.Http;

/// <summary>A request's body that tells a <see cref="StallWatch"/> when some of it has gone out.</summary>
internal sealed class MeteredContent(ReadOnlyMemory<byte> content, StallWatch watch) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var rest = content; rest.Length > 0;)
        {
            var slice = rest[..Math.Min(MeteredStream.Slice, rest.Length)];
            await stream.WriteAsync(slice, cancellationToken);
            watch.Moved();
            rest = rest[slice.Length..];
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = content.Length;
        return true;
    }
}
