namespace Kedge.Demo;

/// <summary>The demo cannot go on. The message is for whoever started it.</summary>
public sealed class DemoException(string what, string? hint) : Exception(what)
{
    /// <summary>What to do about it; null where nobody knows.</summary>
    public string? Hint { get; } = hint;
}
