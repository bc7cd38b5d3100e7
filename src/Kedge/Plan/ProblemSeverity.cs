namespace Kedge.Plan;

/// <summary>How much a problem matters.</summary>
public enum ProblemSeverity
{
    /// <summary>The plan cannot be used.</summary>
    Error,

    /// <summary>The plan can be used; whoever wrote it should know. It can be accepted with a reason.</summary>
    Warning,
}
