namespace Kedge.Vault.Tests.Servers;

/// <summary>What a program that has ended leaves behind.</summary>
internal sealed record ProgramEnd(int ExitCode, string Output, string Errors)
{
    /// <summary>Its output; fails the test with what it said where it did not succeed.</summary>
    internal string Succeeded() =>
        ExitCode == 0 ? Output : throw new InvalidOperationException($"exit code {ExitCode}\n{Errors}\n{Output}");
}
