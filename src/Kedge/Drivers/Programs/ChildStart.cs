using System.Runtime.InteropServices;
using System.Text;

namespace Kedge.Drivers.Programs;

/// <summary>Starts a program with the pipes that it needs.</summary>
internal static unsafe class ChildStart
{
    /// <summary>Must be called on the thread that shall count as the program's parent. Throws <see cref="DriverException"/> where the system refuses.</summary>
    /// <param name="input">For its standard input; null for /dev/null.</param>
    /// <param name="outputFile">An open file for its output; -1 for a pipe to us.</param>
    internal static Child Start(SpawnRequest request, string? input, int outputFile, bool keepsChildren)
    {
        var outputs = (Ours: -1, Theirs: outputFile);
        var inputs = (Theirs: -1, Ours: -1);
        try
        {
            if (outputFile < 0)
            {
                outputs = MakePipe();
            }

            if (input is not null)
            {
                inputs = MakePipe();
                SetNonBlocking(inputs.Ours);
            }

            if (request.Spawn(inputs.Theirs, outputs.Theirs, out var pid) is not 0 and var error)
            {
                throw new DriverException(
                    $"'{Path.GetFileName(request.Arguments[0])}' could not be started: {NativeTexts.Error(error)}");
            }

            var life = NativeCalls.OpenProcess(pid);
            if (life < 0)
            {
                var why = LastError();
                _ = NativeCalls.Signal(-pid, NativeCalls.Kill);
                _ = NativeCalls.WaitFor(pid, null, 0);
                throw new DriverException($"a child could not be watched: {why}",
                    "Linux 5.3 or later is needed, and a free file descriptor");
            }

            if (outputs.Ours >= 0)
            {
                SetNonBlocking(outputs.Ours);
            }

            var child = new Child
            {
                Pid = pid,
                Life = life,
                Output = outputs.Ours,
                Input = inputs.Ours,
                KeepsChildren = keepsChildren,
                Unwritten = Encoding.UTF8.GetBytes(input ?? ""),
            };
            outputs.Ours = inputs.Ours = -1;
            return child;
        }
        finally
        {
            Close(outputs.Ours);
            Close(inputs.Ours);
            Close(inputs.Theirs);
            if (outputFile < 0)
            {
                Close(outputs.Theirs);
            }
        }
    }

    /// <summary>Closes a file, unless it is -1.</summary>
    internal static void Close(int file)
    {
        if (file >= 0)
        {
            _ = NativeCalls.Close(file);
        }
    }

    internal static (int Read, int Write) MakePipe()
    {
        var ends = stackalloc int[2];
        return NativeCalls.Pipe(ends, NativeCalls.CloseOnExec) == 0
            ? (ends[0], ends[1])
            : throw new DriverException($"no pipe could be made: {LastError()}");
    }

    // Ours only: the program expects its own end to block.
    internal static void SetNonBlocking(int file) => _ = NativeCalls.FileControl(file, NativeCalls.SetFlags, NativeCalls.NonBlocking);

    private static string LastError() => NativeTexts.Error(Marshal.GetLastPInvokeError());
}
