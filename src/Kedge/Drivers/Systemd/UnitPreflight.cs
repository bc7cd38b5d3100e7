namespace Kedge.Drivers.Systemd;

/// <summary>What would fail if a unit were started or stopped now.</summary>
internal static class UnitPreflight
{
    internal static async Task<IReadOnlyList<PreflightFinding>> CheckAsync(
        ISystemctl systemctl, Unit unit, CancellationToken cancellation)
    {
        try
        {
            var state = await systemctl.ShowAsync(unit, cancellation);
            return
            [
                state.IsLoaded
                    ? new(true, $"{unit} is loaded", null)
                    : new(false, $"{unit} is {state}", $"install or mend the unit: systemctl status {unit}"),
            ];
        }
        catch (DriverException e)
        {
            return [new(false, e.Message, e.Hint)];
        }
    }
}
