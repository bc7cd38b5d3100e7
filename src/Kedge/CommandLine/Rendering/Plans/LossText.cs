using Kedge.CommandLine.Rendering.Text;
using Kedge.Journal.Events;

namespace Kedge.CommandLine.Rendering.Plans;

/// <summary>An expected loss, against the objective.</summary>
internal static class LossText
{
    public static Styled Of(ExpectedLoss loss, Briefing briefing)
    {
        var rpo = briefing.Plan.FindService(loss.Component.Service)?.Objectives.Rpo;
        var amount = Amount(loss);
        if (!loss.Refused)
        {
            return $"{loss.Component}  {amount}, " + (rpo is null ? Styled.Quiet("no RPO is set") : Styled.Good($"within the RPO of {Figures.Objective(rpo)}"));
        }

        var why = loss.Known && rpo is not null ? $"beyond the RPO of {Figures.Objective(rpo)}" : "unknown is not zero";
        return briefing.Accepted.Contains(loss.Component)
            ? $"{loss.Component}  {amount}, " + Styled.Warning($"{why}; accepted by name")
            : $"{loss.Component}  {amount}, " + Styled.Bad($"{why}: refused until it is accepted by name, --accept-loss {loss.Component}");
    }

    public static string Amount(ExpectedLoss loss) =>
        loss is not { Known: true, Time: { } time } ? "UNKNOWN"
        : loss.Bytes is { } bytes ? $"{Figures.Time(time)}, {Figures.Bytes(bytes)}"
        : Figures.Time(time);
}
