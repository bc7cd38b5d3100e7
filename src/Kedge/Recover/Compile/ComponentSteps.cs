using Kedge.Plan.Contracts;

namespace Kedge.Recover.Compile;

/// <summary>One component's steps, by what they are for.</summary>
internal sealed class ComponentSteps(bool holdsData)
{
    public bool HoldsData { get; } = holdsData;

    public List<string> Prepare { get; } = [];

    public List<string> Stop { get; } = [];

    public List<string> Fence { get; } = [];

    /// <summary>Promotes, or resumes in a rollback.</summary>
    public List<string> Promote { get; } = [];

    public List<string> Start { get; } = [];

    public List<string> Switch { get; } = [];

    public List<string> Reprotect { get; } = [];

    public List<string> Drill { get; } = [];

    public List<string> CleanUp { get; } = [];

    /// <summary>The steps after which others may use the component.</summary>
    public IReadOnlyList<string> Activated => Start.Count > 0 ? Start : Promote;

    /// <summary>The list that a role's steps go to; null for custom ones, which the plan places itself.</summary>
    public List<string>? Of(ActionRole role) => role switch
    {
        ActionRole.Prepare => Prepare,
        ActionRole.Stop => Stop,
        ActionRole.Fence => Fence,
        ActionRole.Promote or ActionRole.Resume => Promote,
        ActionRole.Start => Start,
        ActionRole.Switch => Switch,
        ActionRole.Reprotect => Reprotect,
        ActionRole.Drill => Drill,
        ActionRole.CleanUp => CleanUp,
        _ => null,
    };
}
