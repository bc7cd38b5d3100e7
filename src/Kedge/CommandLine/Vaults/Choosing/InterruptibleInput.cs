namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>A stream that may keep its reader waiting for ever, as standard input does, and that Ctrl-C ends all the same. For one reader.</summary>
internal sealed class InterruptibleInput(Stream inner, CancellationToken cancellation) : ForwardInput
{
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(1 << 20);
    private Task<int>? reading;
    private int start;
    private int end;

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
