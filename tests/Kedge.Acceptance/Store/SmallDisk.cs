using System.Diagnostics;
using Xunit;

namespace Kedge.Acceptance.Store;

/// <summary>A file system of a few megabytes, in memory, that can be filled up. Skips the test without root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo place;

    public SmallDisk(long bytes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to mount a small file system");
        place = Directory.CreateTempSubdirectory("kedge-disk-");
        Run("/usr/bin/mount", "-t", "tmpfs", "-o", $"size={bytes},mode=0700", "tmpfs", place.FullName);
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

    public void MakeRoom() => File.Delete(Filling);

    public void Dispose()
    {
        Run("/usr/bin/umount", place.FullName);
        place.Delete();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
