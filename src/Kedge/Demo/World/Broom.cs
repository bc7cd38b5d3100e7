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
        var start = Launcher.Prepare(["setsid", program, "demo-broom", "--folder", folder], "/");
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new(Launcher.StartProcess(start));
    }

    /// <summary>What the process itself does: reads until the demo dismisses it, or is gone.</summary>
    public static async Task RunAsync(string folder, TextReader input, TimeProvider time, CancellationToken cancellation)
    {
        if (await input.ReadLineAsync(cancellation) != Dismissed)
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
