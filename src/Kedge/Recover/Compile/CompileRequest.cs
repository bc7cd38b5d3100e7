using Kedge.Plan.Model;

namespace Kedge.Recover.Compile;

/// <summary>What to compile a recovery plan for.</summary>
/// <param name="Moves">The services concerned, each with the site that it leaves and the one that it goes to.</param>
public sealed record CompileRequest(RunKind Kind, Scenario Scenario, IReadOnlyList<Journal.Events.Move> Moves);

/// <summary>What the compiler has to know of the world. The same state and request give the same recovery plan, byte for byte.</summary>
public sealed record ObservedState
{
    public static ObservedState Nothing { get; } = new();

    /// <summary>
    /// Instances that no node of ours can act on (their machine is another, or unreachable): fencing them takes the
    /// site's fence command, or a person's word.
    /// </summary>
    public IReadOnlySet<InstanceId> OutOfReach { get; init; } = new HashSet<InstanceId>();

    /// <summary>How long steps took in earlier runs.</summary>
    public IStepEstimates Estimates { get; init; } = new NoHistory();

    private sealed class NoHistory : IStepEstimates
    {
        public StepEstimate? Find(string step) => null;
    }
}

/// <summary>How long steps took in earlier runs.</summary>
public interface IStepEstimates
{
    /// <summary>Null where the step was never run.</summary>
    StepEstimate? Find(string step);
}

/// <summary>A median over runs.</summary>
public sealed record StepEstimate(TimeSpan Median, int Runs);
