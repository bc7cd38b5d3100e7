using System.Buffers.Binary;
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
        var library = await Preload.CompileAsync("lost-writes.c", workplace);
        var log = Path.Combine(workplace, "calls");
        Directory.CreateDirectory(folder);
        await using var host = HostProcess.StartWith(
            [("LD_PRELOAD", library), ("KEDGE_RECORD_FOLDER", folder), ("KEDGE_RECORD_LOG", log)],
            [HostProcess.Program, .. arguments]);
        await host.EndAsync();
        Assert.Equal(0, host.ExitCode);
        return Read(await File.ReadAllBytesAsync(log));
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
