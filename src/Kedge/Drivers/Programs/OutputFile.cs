using System.Runtime.InteropServices;
using System.Text;

namespace Kedge.Drivers.Programs;

/// <summary>The file that a detached program prints to.</summary>
internal static class OutputFile
{
    // rw-r-----
    private const uint Mode = 0x1A0;

    /// <summary>
    /// Opens it to append; makes it, and its folder, where they are missing, both belonging to the user. Never follows a link
    /// in the last place: a file that root opens in somebody else's folder might lead anywhere. Throws <see cref="DriverException"/>.
    /// </summary>
    internal static unsafe int Open(string path, UserAccount owner)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        using var memory = new NativeTexts();
        if (!Directory.Exists(folder))
        {
            try
            {
                Directory.CreateDirectory(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DriverException($"folder '{folder}' for the output could not be made: {e.Message}", "make it, or name another", inner: e);
            }

            Give(NativeCalls.ChangeOwner(memory.Text(folder), owner.User, owner.Group), folder, owner);
        }

        var isNew = !File.Exists(full);
        var file = NativeCalls.Open(memory.Text(full),
            NativeCalls.WriteOnly | NativeCalls.Append | NativeCalls.Create | NativeCalls.NonBlocking
                | NativeCalls.NoFollow | NativeCalls.CloseOnExec, Mode);
        if (file < 0)
        {
            throw new DriverException($"output file '{full}' could not be opened: {NativeTexts.Error(Marshal.GetLastPInvokeError())}",
                "it must be a plain file, not a link, in a folder that Kedge can write to");
        }

        _ = NativeCalls.FileControl(file, NativeCalls.SetFlags, NativeCalls.Append);
        if (isNew)
        {
            Give(NativeCalls.ChangeOwner(file, owner.User, owner.Group), full, owner);
        }

        return file;
    }

    /// <summary>The last line that was printed, of at most 4 KiB; empty where there is none.</summary>
    internal static string LastLine(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(4096, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd().TrimEnd().Split('\n')[^1];
    }

    private static void Give(int result, string path, UserAccount owner)
    {
        if (result != 0)
        {
            throw new DriverException($"'{path}' could not be given to user '{owner.Name}': {NativeTexts.Error(Marshal.GetLastPInvokeError())}",
                "run Kedge as root or as that user");
        }
    }
}
