namespace Kedge.Drivers.Process;

/// <summary>Signals by which programs can be asked to stop, by name (signal(7)).</summary>
internal static class StopSignals
{
    private static readonly Dictionary<string, int> Numbers = new()
    {
        ["TERM"] = 15,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["HUP"] = 1,
        ["USR1"] = 10,
        ["USR2"] = 12,
        ["KILL"] = 9,
    };

    internal static IEnumerable<string> Names => Numbers.Keys;

    internal static int Number(string name) => Numbers[name];
}
