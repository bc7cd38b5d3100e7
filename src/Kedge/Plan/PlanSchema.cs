using Kedge.Plan.Contracts;
using Kedge.Plan.Schema;
using Kedge.Plan.Text;

namespace Kedge.Plan;

/// <summary>The JSON Schema of the plan's language, for editors (draft 2020-12).</summary>
public static class PlanSchema
{
    /// <summary>
    /// The language with the options of these drivers. Whatever <see cref="PlanReader"/> accepts, the schema accepts; what
    /// needs the whole plan (names that must exist, cycles, objectives) only the reader knows.
    /// </summary>
    public static string Write(IReadOnlyList<DriverContract> contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        return JsonText.Of(new SchemaWriter(contracts).Write()) + "\n";
    }
}
