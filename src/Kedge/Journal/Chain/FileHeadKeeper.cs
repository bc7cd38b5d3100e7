using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kedge.Journal.Chain;

/// <summary>
/// Keeps the newest head in a small file beside the store, as JSON: <c>{"position":42,"hash":"…"}</c>. Each version is
/// synced and renamed over the one before, in the background, so that no append waits for it: the file lags behind by
/// a quarter of a second at most while the process lives, and is up to date once this is disposed.
/// </summary>
public sealed class FileHeadKeeper : IHeadKeeper, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = new();
    private readonly string path;
    private readonly TimeProvider time;
    private JournalHead newest = JournalHead.Empty;
    private JournalHead written = JournalHead.Empty;
    private Task writing = Task.CompletedTask;
    private bool busy;
    private bool swept;
    private Exception? failure;

    /// <param name="path">The file; its folder exists.</param>
    public FileHeadKeeper(string path, TimeProvider time) => (this.path, this.time) = (Path.GetFullPath(path), time);

    /// <summary>
    /// Takes a head in and returns at once. Throws <see cref="IOException"/> where an earlier head could not be written;
    /// this one is tried all the same.
    /// </summary>
    public ValueTask KeepAsync(JournalHead head, CancellationToken cancellation)
    {
        Exception? earlier;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(ending.IsCancellationRequested, this);
            (earlier, failure) = (failure, null);
            if (head.Position > newest.Position)
            {
                newest = head;
            }

            if (!busy)
            {
                busy = true;
                writing = Task.Run(WriteAsync, CancellationToken.None);
            }
        }

        return earlier is null
            ? ValueTask.CompletedTask
            : throw new IOException($"the journal's head could not be kept in {path}: {earlier.Message}", earlier);
    }

    /// <summary>Throws <see cref="InvalidDataException"/> where the file holds no head.</summary>
    public async ValueTask<JournalHead?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellation);
            var kept = JsonSerializer.Deserialize(bytes, HeadJson.Default.KeptHead);
            return kept is { Position: > 0, Hash.Length: 64 }
                ? new JournalHead(kept.Position, kept.Hash)
                : throw new JsonException("position or hash is missing");
        }
        catch (Exception nothing) when (nothing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException(
                $"{path} does not hold the head of a journal ({damaged.Message}). Compare with the heads in run reports; then remove it, and the next append writes it anew.",
                damaged);
        }
    }

    /// <summary>Writes what is not written yet. Throws <see cref="IOException"/> where that fails.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (ending.IsCancellationRequested)
            {
                return;
            }

            ending.Cancel();
        }

        await writing;
        if (newest.Position > written.Position)
        {
            Write(newest);
        }

        ending.Dispose();
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            JournalHead head;
            lock (gate)
            {
                head = newest;
            }

            try
            {
                Write(head);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                lock (gate)
                {
                    failure = problem;
                }
            }

            await Task.Delay(Pause, time, ending.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            lock (gate)
            {
                if (newest == head || ending.IsCancellationRequested)
                {
                    busy = false;
                    return;
                }
            }
        }
    }

    private void Write(JournalHead head)
    {
        if (!swept)
        {
            SweepDrafts();
            swept = true;
        }

        // Another process may have appended, and kept a newer head, since; the file never goes back.
        if (ReadPosition() < head.Position)
        {
            var draft = $"{path}.{Environment.ProcessId}.tmp";
            using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                JsonSerializer.Serialize(file, new KeptHead(head.Position, head.Hash), HeadJson.Default.KeptHead);
                file.WriteByte((byte)'\n');
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }

        written = head;
    }

    /// <summary>Removes what processes that were killed in the middle of a write have left.</summary>
    private void SweepDrafts()
    {
        foreach (var draft in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*.tmp"))
        {
            if (!Directory.Exists($"/proc/{draft.Split('.')[^2]}"))
            {
                File.Delete(draft);
            }
        }
    }

    private long ReadPosition()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), HeadJson.Default.KeptHead)?.Position ?? 0;
        }
        catch (Exception nothing) when (nothing is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
        catch (JsonException damaged)
        {
            throw new IOException($"it holds something else ({damaged.Message})", damaged);
        }
    }
}

internal sealed record KeptHead(long Position, string Hash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeptHead))]
internal sealed partial class HeadJson : JsonSerializerContext;
