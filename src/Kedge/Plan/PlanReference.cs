using Kedge.Plan.Contracts;
using Kedge.Plan.Schema;

namespace Kedge.Plan;

/// <summary>The reference of the plan's language as Markdown: docs/plan-reference.md.</summary>
public static class PlanReference
{
    /// <summary>The language with the options of these drivers.</summary>
    public static string Write(IReadOnlyList<DriverContract> contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        return new ReferenceWriter(contracts).Write();
    }
}
