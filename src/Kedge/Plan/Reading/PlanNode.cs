namespace Kedge.Plan.Reading;

/// <summary>A piece of YAML and where it stands, before anything is known of what it should be.</summary>
/// <param name="Size">Nodes in it, those behind aliases counted each time.</param>
internal abstract record PlanNode(Place Place, int Size)
{
    /// <summary>For "found a list".</summary>
    public abstract string Noun { get; }
}

/// <param name="Plain">Written without quotes, so that <c>null</c>, <c>true</c> and <c>5</c> mean what they say.</param>
internal sealed record ScalarNode(Place Place, string Text, bool Plain) : PlanNode(Place, 1)
{
    public bool IsNull => Plain && (Text is "" or "~" or "null" or "Null" or "NULL");

    public override string Noun => IsNull ? "nothing" : "a single value";
}

internal sealed record ListNode(Place Place, IReadOnlyList<PlanNode> Items, int Size) : PlanNode(Place, Size)
{
    public override string Noun => "a list";
}

/// <param name="Complete">False where the file's syntax broke off within it: what it lacks may be in the lost part.</param>
internal sealed record MapNode(Place Place, IReadOnlyList<MapEntry> Entries, bool Complete, int Size) : PlanNode(Place, Size)
{
    public override string Noun => "a mapping";
}

internal sealed record MapEntry(string Key, Place Place, PlanNode Value);

/// <summary>Stands where something was that has been reported.</summary>
internal sealed record BrokenNode(Place Place) : PlanNode(Place, 1)
{
    public override string Noun => "something broken";
}
