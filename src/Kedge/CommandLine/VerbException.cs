namespace Kedge.CommandLine;

/// <summary>A command cannot go on. What and fix are a line each, for the person who typed it; no secrets.</summary>
public sealed class VerbException(int exitCode, string what, string? fix) : Exception(what)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do about it; null where the first line says it.</summary>
    public string? Fix { get; } = fix;

    public static VerbException Usage(string what, string fix) => new(ExitCodes.Usage, what, fix);
}
