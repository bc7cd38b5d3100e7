namespace Kedge.CommandLine.Rendering.Drawings;

/// <summary>Boxes in lanes, and arrows between them; Mermaid, DOT and SVG are drawn from it. Deterministic, like its source.</summary>
internal sealed record Drawing(string Title, IReadOnlyList<Lane> Lanes, IReadOnlyList<Box> Boxes, IReadOnlyList<Arrow> Arrows);

/// <summary>A stripe that holds boxes which belong together: a service, a site.</summary>
internal sealed record Lane(string Id, string Title);

/// <param name="Id">Unique in the drawing.</param>
/// <param name="Lane">Identity of its lane.</param>
/// <param name="Lines">What stands in it; the first is its name.</param>
/// <param name="Number">Shown in its corner; null for none.</param>
internal sealed record Box(string Id, string Lane, IReadOnlyList<string> Lines, BoxLook Look, int? Number = null);

/// <param name="Ranks">False where it says nothing about which box comes first (a copy beside another).</param>
/// <param name="Label">Null for none.</param>
internal sealed record Arrow(string From, string To, ArrowLook Look, string? Label = null, bool Ranks = true);

internal enum BoxLook
{
    Plain,

    /// <summary>On the critical path; active now.</summary>
    Strong,

    /// <summary>Dormant, afterwards, not required.</summary>
    Quiet,

    /// <summary>A person does it.</summary>
    Person,

    /// <summary>Cannot be done.</summary>
    Bad,
}

internal enum ArrowLook
{
    Plain,
    Strong,
    Dashed,
}
