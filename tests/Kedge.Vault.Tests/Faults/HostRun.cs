using System.Diagnostics;
using Kedge.Vault.Tests.Snapshots;

namespace Kedge.Vault.Tests.Faults;

/// <summary>A process that works in a vault (tests/Kedge.VaultHost), to be killed.</summary>
internal sealed class HostRun : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<string> errors;

    private HostRun(Process process)
    {
        this.process = process;
        (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    internal static string Program { get; } = Path.Join(AppContext.BaseDirectory, "Kedge.VaultHost");

    /// <param name="arguments">Verb, folder, where to stop, and what the verb takes.</param>
    internal static HostRun Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KEDGE_HOST_PASSWORD"] = FolderVault.Password;
        // A program that is killed leaves the sockets of its debugger behind.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new(Process.Start(start)!);
    }

    internal void Kill() => process.Kill();

    internal async Task<HostEnd> EndAsync(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromMinutes(3), cancellation);
        return new(process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}

/// <summary>What a host that has ended said.</summary>
internal sealed record HostEnd(int ExitCode, IReadOnlyList<string> Lines, string Errors)
{
    internal const int Killed = 128 + 9;

    /// <summary>The words behind a mark, as <c>saved</c>.</summary>
    internal IEnumerable<string> After(string mark) => Lines.Where(l => l.StartsWith(mark + " ", StringComparison.Ordinal)).Select(l => l[(mark.Length + 1)..]);

    /// <summary>How many changes to the vault it made, where it went to its end.</summary>
    internal int Changes() => ExitCode == 0 ? int.Parse(After("done").Single()) : throw new InvalidOperationException($"exit code {ExitCode}: {Errors}");
}
