using System.Diagnostics;

namespace Kedge.Demo.World;

/// <summary>
/// A process that does nothing but wait for the demo's end. If the demo dies without having tidied up, killed for
/// instance, it does so.
/// </summary>
internal sealed class Broom
{
    private const string Dismissed = "dismissed";

    private readonly Process process;

    private Broom(Process process) => this.process = process;

    public static Broom Start(string program, string folder)
    {
        // A session of its own: Ctrl-C is for the demo.
        var start = new ProcessStartInfo("setsid", [program, "demo-broom"])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Launcher.PartEnvironment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        // Not an argument: the processes of a world are known by its folder's name in theirs.
        process.StandardInput.WriteLine(folder);
        process.StandardInput.Flush();
        return new(process);
    }

    /// <summary>What the process itself does: reads until the demo dismisses it, or is gone.</summary>
    public static async Task RunAsync(TextReader input, TimeProvider time, CancellationToken cancellation)
    {
        var folder = await input.ReadLineAsync(cancellation);
        if (folder is not null && await input.ReadLineAsync(cancellation) != Dismissed)
        {
            await WorldFolder.RemoveAsync(folder, new HashSet<int>(), time, cancellation);
        }
    }

    /// <summary>Nothing is left for it to do; returns once it has ended.</summary>
    public async Task DismissAsync()
    {
        try
        {
            await process.StandardInput.WriteLineAsync(Dismissed);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already, which is what is asked of it.
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }
}
