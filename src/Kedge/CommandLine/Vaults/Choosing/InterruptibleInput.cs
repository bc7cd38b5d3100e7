namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>A stream that may keep its reader waiting for ever, as standard input does, and that Ctrl-C ends all the same. For one reader.</summary>
internal sealed class InterruptibleInput(Stream inner, CancellationToken cancellation) : Stream
{
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(1 << 20);
    private Task<int>? reading;
    private int start;
    private int end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public override int Read(Span<byte> target)
    {
        if (start == end)
        {
            reading ??= Task.Run(() => inner.Read(buffer), CancellationToken.None);
            try
            {
                reading.Wait(cancellation);
            }
            catch (AggregateException)
            {
                // Its own exception, below.
            }

            end = reading.GetAwaiter().GetResult();
            (start, reading) = (0, null);
        }

        var count = Math.Min(target.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(target);
        start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
