namespace Kedge.CommandLine.Rendering.Text;

/// <summary>What a piece of text means. Everything must be readable without: colour only helps the eye.</summary>
public enum Tone
{
    Plain,

    /// <summary>Headings and what the reader looks for.</summary>
    Strong,

    /// <summary>What may be skipped.</summary>
    Quiet,

    Good,

    /// <summary>Wants attention, though nothing is wrong.</summary>
    Warning,

    Bad,

    /// <summary>At work now; names that can be typed.</summary>
    Accent,
}
