using System.Security.Cryptography;
using Kedge.Vault.Backends.Local;

namespace Kedge.Vault.Memory;

/// <summary>The file in which a client keeps what it remembers: replaced as a whole, by one process at a time, readable by its owner only.</summary>
internal sealed class MemoryFile(string folder, string vault, TimeProvider time)
{
    private const int MaximumLength = 16 << 20;
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Others only replace the file: nobody holds it for long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string path = Path.Join(folder, vault);

    /// <summary>Why what is there cannot be read, in one line; null where it can, or nothing is there.</summary>
    internal string? Problem { get; private set; }

    internal bool Exists => File.Exists(path);

    /// <summary>What was remembered; nothing, where there is no such file or it cannot be read.</summary>
    internal async Task<MemoryState> ReadAsync(CancellationToken cancellation)
    {
        Problem = null;
        try
        {
            if (!File.Exists(path))
            {
                return MemoryState.Empty;
            }

            var isLong = new FileInfo(path).Length > MaximumLength;
            if (!isLong && MemoryText.Parse(await File.ReadAllBytesAsync(path, cancellation), vault) is { } state)
            {
                return state;
            }

            Problem = $"{path} is no memory of this vault";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Problem = $"{path} cannot be read: {problem.Message}";
        }

        return MemoryState.Empty;
    }

    /// <summary>Changes what is remembered; changes by others in between are not lost.</summary>
    /// <returns>What is remembered now.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.FileSystem"/>.</exception>
    internal async Task<MemoryState> ChangeAsync(Func<MemoryState, MemoryState> change, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder, Own | UnixFileMode.UserExecute);
            using var alone = await LockAsync(cancellation);
            var before = await ReadAsync(cancellation);
            if (Problem is not null)
            {
                // Somebody may want to look at it.
                File.Move(path, $"{path}.unreadable", overwrite: true);
            }

            var state = change(before);
            if (state != before || !File.Exists(path))
            {
                await ReplaceAsync(MemoryText.Write(state, vault), cancellation);
            }

            return state;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(
                VaultFault.FileSystem, $"what was seen of the vault could not be kept in {path}: {problem.Message}", "Without it a vault that is put back to an older state is not noticed.", problem);
        }
    }

    private async Task ReplaceAsync(byte[] text, CancellationToken cancellation)
    {
        var temporary = $"{path}-tmp-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Own };
            await using (var file = new FileStream(temporary, options))
            {
                await file.WriteAsync(text, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        LocalCalls.SyncFolder(folder);
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = Own };
        var until = time.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                return new($"{path}.lock", options);
            }
            catch (IOException) when (time.GetUtcNow() < until)
            {
                // Another process is at it.
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
            }
        }
    }
}
