using System.Threading.Channels;
using Kedge.Vault.Format;
using Kedge.Vault.Packing;

namespace Kedge.Vault.Browse.Dump;

/// <summary>
/// Writes bytes and the content of blobs to a stream, in the order in which they are added. What is to come is read and
/// opened on several threads meanwhile, within some 50 MiB of memory.
/// </summary>
internal sealed class ContentPipe : IAsyncDisposable
{
    private const int WindowSize = 4 << 20;

    private readonly BlobFetch blobs;
    private readonly Stream target;
    private readonly CancellationTokenSource stopped;
    private readonly WindowFilling filling;
    private readonly Channel<(ContentWindow Window, Task Filled)> windows;
    private readonly Task writing;
    private ContentWindow current = new(WindowSize);

    internal ContentPipe(BlobFetch blobs, Stream target, CancellationToken cancellation)
    {
        (this.blobs, this.target) = (blobs, target);
        stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        filling = new(blobs);
        windows = Channel.CreateBounded<(ContentWindow Window, Task Filled)>(Math.Clamp(Environment.ProcessorCount, 2, 4));
        writing = Task.Run(WriteAsync, CancellationToken.None);
    }

    internal async ValueTask AddAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (current.Room == 0)
            {
                await SubmitAsync(WindowSize);
            }

            bytes = bytes[current.Add(bytes.Span)..];
        }
    }

    /// <summary>A file's content. It was made sure that it has the length that its node states.</summary>
    internal async ValueTask AddContentAsync(ListedEntry file)
    {
        foreach (var blob in file.Node.Content)
        {
            var length = LengthOf(blob, file);
            if (length > current.Room)
            {
                await SubmitAsync(Math.Max(WindowSize, length));
            }

            current.Add(blob, length, file);
        }
    }

    /// <summary>Makes sure, before anything of it is written, that a file's blobs are known and add up to its size.</summary>
    /// <exception cref="VaultException"><see cref="VaultFault.NotFound"/>, <see cref="VaultFault.Damaged"/>.</exception>
    internal void Demand(ListedEntry file)
    {
        var length = file.Node.Content.Sum(blob => (long)LengthOf(blob, file));
        if (length != file.Node.Size)
        {
            throw VaultException.Damaged($"{file.PathText} has {length} bytes of content and states {file.Node.Size}", "Run 'kedge vault check' to see what is damaged.");
        }
    }

    /// <summary>Ends when all is written.</summary>
    /// <exception cref="VaultException">What could not be read.</exception>
    internal async Task CompleteAsync()
    {
        await SubmitAsync(0);
        windows.Writer.TryComplete();
        await writing;
        await target.FlushAsync(stopped.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        windows.Writer.TryComplete();
        // Whoever completes the pipe has been told of its failure.
        await Abandoned.EndAsync(writing);
        while (windows.Reader.TryRead(out var rest))
        {
            await Abandoned.EndAsync(rest.Filled);
            rest.Window.Release();
        }

        current.Release();
        filling.Dispose();
        stopped.Dispose();
    }

    private async Task SubmitAsync(int nextCapacity)
    {
        var window = current;
        current = new(nextCapacity);
        var filled = Task.Run(() => filling.FillAsync(window, stopped.Token), CancellationToken.None);
        try
        {
            await windows.Writer.WriteAsync((window, filled), stopped.Token);
        }
        catch (Exception problem) when (problem is ChannelClosedException or OperationCanceledException)
        {
            await stopped.CancelAsync();
            await Abandoned.EndAsync(filled);
            // The first failure is the writer's, if it has one.
            await writing;
            throw;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var (window, filled) in windows.Reader.ReadAllAsync(stopped.Token))
            {
                await filled;
                await target.WriteAsync(window.Content, stopped.Token);
                window.Release();
            }
        }
        catch
        {
            windows.Writer.TryComplete();
            throw;
        }
    }

    private int LengthOf(ObjectId blob, ListedEntry file)
    {
        var length = blobs.Index.ContentLength(new(BlobKind.Data, blob));
        return length switch
        {
            < 0 => throw new VaultException(
                VaultFault.NotFound, $"{file.PathText}: data {blob.Short} is in no index", "Run 'kedge vault repair index', then 'kedge vault check'."),
            > BlobReader.MaximumDataLength => throw VaultException.Damaged($"{file.PathText}: data {blob.Short} claims a length of {length} bytes"),
            _ => (int)length,
        };
    }
}
