using System.Diagnostics;
using Kedge.Vault;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>What a program prints, as a stream that breaks at its end when the program failed: half a dump is no backup. Its errors go where ours go.</summary>
internal sealed class ProgramOutput : ForwardInput
{
    private readonly string program;
    private readonly Process process;
    private readonly Stream output;
    private bool hasEnded;

    public ProgramOutput(string program, IReadOnlyList<string> arguments, string folder)
    {
        this.program = program;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = folder };
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new VerbException(ExitCodes.Failed, $"the program {program} cannot be started", "Name one that exists; it is started without a shell.");
        }

        output = process.StandardOutput.BaseStream;
    }

    /// <exception cref="VaultException"><see cref="VaultFault.Unavailable"/> at the end of a program that failed.</exception>
    public override int Read(Span<byte> target)
    {
        var read = hasEnded ? 0 : output.Read(target);
        if (read == 0 && target.Length > 0 && !hasEnded)
        {
            process.WaitForExit();
            hasEnded = true;
            if (process.ExitCode != 0)
            {
                throw new VaultException(VaultFault.Unavailable, $"the program {program} ended with exit code {process.ExitCode}", "No snapshot was made. What it says itself stands above.");
            }
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }

        base.Dispose(disposing);
    }
}
