using System.Security.Cryptography;
using System.Text;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Command;

/// <summary>Says in one line, without secrets, how a command ended and what it printed.</summary>
internal static class CommandReport
{
    private const int LinesShown = 3;
    private const int LongestLine = 160;

    /// <summary><c>exit code 0 after 120ms; 5 lines of output (sha256 1a2b3c4d5e6f), the last: …</c></summary>
    internal static string Of(ProgramResult result, SecretEnvironment secrets)
    {
        var end = result.Signal is { } signal ? $"ended by signal {signal}" : $"exit code {result.ExitCode}";
        var lines = result.Output.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).ToList();
        var after = Durations.Show(TimeSpan.FromMilliseconds(Math.Round(result.Elapsed.TotalMilliseconds)));
        if (lines.Count == 0)
        {
            return $"{end} after {after}, no output";
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(result.Output)))[..12];
        var last = secrets.Redact(string.Join('\n', lines.TakeLast(LinesShown))).Split('\n').Select(Printable);
        var count = lines.Count == 1 ? "1 line" : $"{lines.Count} lines";
        return $"{end} after {after}; {count} of output (sha256 {digest}), the last: {string.Join(" | ", last)}";
    }

    private static string Printable(string line)
    {
        var clean = string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c));
        return clean.Length <= LongestLine ? clean : clean[..LongestLine] + "…";
    }
}
