using Kedge.Drivers;
using Kedge.Plan.Model;
using Microsoft.Win32.SafeHandles;

namespace Kedge.Recover.Fence;

/// <summary>
/// Locks and epochs as files in a folder of each instance's own: <c>lock</c> (flock(2), which the kernel lets go of when
/// the holder dies) and <see cref="EpochFile"/>.
/// </summary>
/// <param name="stateFolder">The node's; instances without a folder of their own have theirs in <c>guards/</c> below it.</param>
/// <param name="journal">Name of the journal whose epochs these are (<see cref="Journal.Events.JournalOpened"/>).</param>
public sealed class FileInstanceGuards(string stateFolder, string journal, TimeProvider time) : IInstanceGuards
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// The folder of an instance's lock and epoch. One below the state folder can be entered by the node's user alone;
    /// where another user asks <c>kedge may-start</c>, the driver has to name a folder beside the data.
    /// </summary>
    public static string FolderOf(InstanceId instance, string? folder, string stateFolder) =>
        folder ?? Path.Combine(stateFolder, "guards", $"{instance.Component.Service}.{instance.Component.Name}@{instance.Site}");

    public async Task<IInstanceGuard> AcquireAsync(InstanceId instance, string? folder, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var place = FolderOf(instance, folder, stateFolder);
        try
        {
            var handle = await LockAsync(place, cancellation);
            try
            {
                return new HeldGuard(handle, instance, place, journal, EpochIn(place, instance));
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DriverException(
                $"the lock of {instance} in {place} cannot be taken: {failure.Message}",
                "give Kedge's user the right to create and write files there",
                inner: failure);
        }
    }

    private async Task<SafeFileHandle> LockAsync(string place, CancellationToken cancellation)
    {
        MakeFolder(place);
        var path = Path.Combine(place, "lock");
        while (true)
        {
            var handle = LinuxLocks.OpenLockFile(path);
            try
            {
                while (!LinuxLocks.TryLock(handle, path))
                {
                    await Task.Delay(PollEvery, time, cancellation);
                }

                // Somebody who removed the file while we waited may have locked a new one in its place.
                if (LinuxLocks.IsStillAt(handle, path))
                {
                    return handle;
                }
            }
            catch
            {
                handle.Dispose();
                throw;
            }

            handle.Dispose();
        }
    }

    private static void MakeFolder(string place)
    {
        if (Directory.Exists(place))
        {
            return;
        }

        Directory.CreateDirectory(place);
        File.SetUnixFileMode(
            place,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        if (Path.GetDirectoryName(place) is { } parent)
        {
            LinuxLocks.SyncFolder(parent);
        }
    }

    private EpochFile? EpochIn(string place, InstanceId instance)
    {
        if (EpochFile.Read(place) is not { } written)
        {
            return null;
        }

        if (written.Instance != instance.ToString())
        {
            throw new DriverException(
                $"{Path.Combine(place, EpochFile.Name)} is the epoch of {written.Instance}, not of {instance}",
                "give each instance a data folder, and so a guard folder, of its own");
        }

        return written.Journal == journal
            ? written
            : throw new DriverException(
                $"{instance} is at epoch {written.Epoch} of another journal ({written.Journal}); this one is {journal}",
                $"run Kedge with the store that {instance} belongs to; or, when that is gone for good and no other instance accepts writes, remove {Path.Combine(place, EpochFile.Name)}");
    }

    private sealed class HeldGuard(SafeFileHandle handle, InstanceId instance, string place, string journal, EpochFile? written)
        : IInstanceGuard
    {
        private EpochFile? written = written;

        public long Epoch => written?.Epoch ?? 0;

        public Task RaiseEpochAsync(long epoch, SiteName activeSite, CancellationToken cancellation)
        {
            ObjectDisposedException.ThrowIf(handle.IsClosed, this);
            cancellation.ThrowIfCancellationRequested();
            if (epoch < Epoch || epoch <= 0)
            {
                throw new InvalidOperationException($"{instance} is at epoch {Epoch}; it cannot go to {epoch}");
            }

            if (written is not null && epoch == Epoch && written.ActiveSite != activeSite.Value)
            {
                throw new InvalidOperationException(
                    $"under epoch {epoch} {written.ActiveSite} may be writable; {activeSite} needs a newer one");
            }

            // Off the caller's thread, because it waits for the disk; not cancelled half way, for the same reason as a commit.
            return Task.Run(() => Write(epoch, activeSite), CancellationToken.None);
        }

        public ValueTask DisposeAsync()
        {
            handle.Dispose();
            return ValueTask.CompletedTask;
        }

        private void Write(long epoch, SiteName site)
        {
            var next = new EpochFile
            {
                Epoch = epoch,
                ActiveSite = site.Value,
                Component = instance.Component.ToString(),
                Instance = instance.ToString(),
                Journal = journal,
            };
            try
            {
                next.Write(place);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new DriverException(
                    $"epoch {epoch} cannot be written beside the data of {instance}: {failure.Message}",
                    $"make room and give Kedge's user the right to write in {place}",
                    inner: failure);
            }

            written = next;
        }
    }
}
