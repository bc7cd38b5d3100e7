using System.Diagnostics;
using Xunit;

namespace Kedge.Acceptance.Store;

/// <summary>A file system of a few megabytes, in memory, that can be filled up. Skips the test without root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo place;

    /// <param name="at">A folder to mount it on, which goes with it; null for one of its own.</param>
    public SmallDisk(long bytes, string? at = null)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to mount a small file system");
        place = at is null ? Directory.CreateTempSubdirectory("kedge-disk-") : Directory.CreateDirectory(at);
        Assert.Equal(0, ExitCodeOf("/usr/bin/mount", "-t", "tmpfs", "-o", $"size={bytes},mode=0700", "tmpfs", place.FullName));
    }

    public string Folder => place.FullName;

    private string Filling => Path.Combine(Folder, "filling");

    /// <summary>Takes every block that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filling, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            Assert.Equal(0, new DriveInfo(Folder).AvailableFreeSpace);
        }
    }

    /// <summary>Gives the blocks back.</summary>
    public void MakeRoom()
    {
        var half = new FileInfo(Filling).Length / 2;
        File.Delete(Filling);
        AwaitRoom(half);
    }

    /// <summary>The blocks of a removed file come back a moment later: a child that another test has just forked may hold it, too.</summary>
    public void AwaitRoom(long bytes)
    {
        var deadline = Stopwatch.StartNew();
        while (new DriveInfo(Folder).AvailableFreeSpace < bytes)
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(10), $"{place.FullName} stays full");
            Thread.Sleep(10);
        }
    }

    /// <summary>A child that another test has just forked holds our files until it executes its program: busy for a moment.</summary>
    public void Dispose()
    {
        var deadline = Stopwatch.StartNew();
        while (ExitCodeOf("/usr/bin/umount", place.FullName) != 0)
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(10), $"{place.FullName} stays busy");
            Thread.Sleep(10);
        }

        place.Delete();
    }

    private static int ExitCodeOf(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
