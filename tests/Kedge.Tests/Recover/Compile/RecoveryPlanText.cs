using System.Text;
using Kedge.Journal.Events;
using Kedge.Plan.Contracts;
using Kedge.Recover.Compile;

namespace Kedge.Tests.Recover.Compile;

/// <summary>A recovery plan as a few lines, for golden files: what needs what, and what decides its length.</summary>
internal static class RecoveryPlanText
{
    public static string Of(RecoveryPlan plan)
    {
        var text = new StringBuilder();
        text.AppendLine($"{plan.Kind} for {plan.Scenario}: {string.Join(", ", plan.Moves.Select(m => $"{m.Service} {m.From} → {m.To}"))}");
        foreach (var step in plan.Steps)
        {
            var marks = string.Join("", step.Fences ? " fences" : "", step.TakesEpoch ? " epoch" : "", step.Required ? "" : " optional");
            text.AppendLine($"[{step.Phase}] {step.Id} ({step.Kind}{marks}, {Durations.Show(step.Estimate)})");
            foreach (var need in step.Needs)
            {
                text.AppendLine($"    after {need}");
            }
        }

        foreach (var remark in plan.Remarks)
        {
            text.AppendLine($"remark: {remark}");
        }

        var prediction = Prediction.Of(plan);
        text.AppendLine($"predicted {Durations.Show(prediction.Time)}: {string.Join(" → ", prediction.CriticalPath)}");
        return text.ToString();
    }
}
