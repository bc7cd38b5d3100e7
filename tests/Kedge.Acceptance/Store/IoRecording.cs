using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace Kedge.Acceptance.Store;

/// <summary>One call of a process that changed or synced files, in the order in which they were made; see lost-writes.c.</summary>
internal sealed record IoCall(char Kind, ulong Inode, long Number, byte[] Bytes)
{
    public string Name => Encoding.UTF8.GetString(Bytes);
}

/// <summary>What a process did to the files of a folder.</summary>
internal static class IoRecording
{
    /// <summary>Runs the host on an empty folder to its end. Skips the test where there is no C compiler.</summary>
    public static async Task<IReadOnlyList<IoCall>> OfAsync(string workplace, string folder, params string[] arguments)
    {
        var library = await CompileAsync(workplace);
        var log = Path.Combine(workplace, "calls");
        Directory.CreateDirectory(folder);
        await using var host = HostProcess.StartWith(
            [("LD_PRELOAD", library), ("KEDGE_RECORD_FOLDER", folder), ("KEDGE_RECORD_LOG", log)],
            [HostProcess.Program, .. arguments]);
        await host.EndAsync();
        Assert.Equal(0, host.ExitCode);
        return Read(await File.ReadAllBytesAsync(log));
    }

    private static async Task<string> CompileAsync(string workplace, [CallerFilePath] string here = "")
    {
        var library = Path.Combine(workplace, "lost-writes.so");
        var source = Path.Combine(Path.GetDirectoryName(here)!, "lost-writes.c");
        Assert.SkipUnless(File.Exists("/usr/bin/cc"), "needs a C compiler: apt-get install gcc libc6-dev");
        using var compiler = Process.Start(new ProcessStartInfo("/usr/bin/cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]))!;
        await compiler.WaitForExitAsync();
        Assert.Equal(0, compiler.ExitCode);
        return library;
    }

    private static List<IoCall> Read(ReadOnlySpan<byte> log)
    {
        var calls = new List<IoCall>();
        while (!log.IsEmpty)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(log[17..]);
            calls.Add(new IoCall(
                (char)log[0],
                BinaryPrimitives.ReadUInt64LittleEndian(log[1..]),
                BinaryPrimitives.ReadInt64LittleEndian(log[9..]),
                log.Slice(25, length).ToArray()));
            log = log[(25 + length)..];
        }

        return calls;
    }
}
