namespace Kedge.Plan.Reading;

/// <summary>Where something stands in a file; line and column from 1.</summary>
internal readonly record struct Place(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
