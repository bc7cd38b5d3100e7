using System.Text.Json.Serialization;

namespace Kedge.Plan.Model;

/// <summary>What went wrong, or is supposed to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Scenario>))]
public enum Scenario
{
    SiteLoss,
    ServiceLoss,
    DataCorruption,
    SecurityBreach,
    PlannedMaintenance,
}
