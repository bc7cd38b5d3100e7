namespace Kedge.Vault.Backends.Http;

/// <summary>A connection on which all that goes out and comes in keeps to a rate, which all of a backend's connections share.</summary>
internal sealed class PacedStream(Stream inner, ByteRate? upload, ByteRate? download) : Stream
{
    /// <summary>So many bytes at once, so that the line is never busy for long.</summary>
    internal const int Slice = 1 << 14;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (download is null || buffer.Length == 0)
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }

        var count = await inner.ReadAsync(buffer[..Math.Min(Slice, buffer.Length)], cancellationToken);
        await download.TakeAsync(count, cancellationToken);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (upload is null)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            return;
        }

        while (buffer.Length > 0)
        {
            var slice = buffer[..Math.Min(Slice, buffer.Length)];
            await upload.TakeAsync(slice.Length, cancellationToken);
            await inner.WriteAsync(slice, cancellationToken);
            buffer = buffer[slice.Length..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("All is asynchronous here.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("All is asynchronous here.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
