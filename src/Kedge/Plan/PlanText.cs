using System.Security.Cryptography;
using System.Text;
using Kedge.Plan.Model;
using Kedge.Plan.Text;

namespace Kedge.Plan;

/// <summary>The canonical text of a plan: JSON in the plan's own language (JSON is YAML), one for each meaning.</summary>
public static class PlanText
{
    /// <summary>
    /// Everything is said, defaults too, in one order; reading it gives the same plan again. Secrets are references here
    /// as in the plan. Ends with a line break.
    /// </summary>
    public static string Write(KedgePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return JsonText.Of(CanonicalTree.Of(plan)) + "\n";
    }

    /// <summary>The version of a plan whose canonical text this is.</summary>
    public static PlanVersion VersionOf(string canonical) =>
        new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
}
