using System.Globalization;

namespace Kedge.Drivers.Systemd;

/// <summary>A unit as <c>systemctl show</c> prints it (systemctl(1), org.freedesktop.systemd1(5)).</summary>
internal sealed record UnitState
{
    /// <summary>Those that are asked for, for <c>--property</c>.</summary>
    internal const string Properties =
        "Id,LoadState,LoadError,ActiveState,SubState,MainPID,ExecMainStatus,Result,UnitFileState,FragmentPath";

    /// <summary>loaded, not-found, bad-setting, error, masked …</summary>
    internal required string LoadState { get; init; }

    /// <summary>active, reloading, inactive, failed, activating, deactivating.</summary>
    internal required string ActiveState { get; init; }

    /// <summary>Finer, and different for each type of unit: running, exited, dead, auto-restart …</summary>
    internal required string SubState { get; init; }

    /// <summary>Null where it has none now, or is of a type without processes.</summary>
    internal required int? MainProcess { get; init; }

    /// <summary>How its last run ended: success, exit-code, signal, timeout …; empty for types without processes.</summary>
    internal required string Result { get; init; }

    /// <summary>Exit code or signal of its last main process; null for types without processes.</summary>
    internal required int? Status { get; init; }

    /// <summary>enabled, disabled, static …: whether a boot starts it.</summary>
    internal required string UnitFileState { get; init; }

    /// <summary>Empty where it has no file.</summary>
    internal required string File { get; init; }

    internal bool IsLoaded => LoadState == "loaded";

    internal bool IsFound => LoadState != "not-found";

    internal bool HasFailed => ActiveState == "failed";

    /// <summary>True where it neither runs nor is about to, nor about to end.</summary>
    internal bool IsDown => ActiveState is "inactive" or "failed" && MainProcess is null;

    internal bool IsActive => ActiveState is "active" or "reloading";

    /// <summary>Reads the output for one unit; throws <see cref="DriverException"/> where it lacks what every unit has.</summary>
    internal static UnitState Parse(string output)
    {
        var values = output.Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0])
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1].TrimEnd('\r'));
        return new()
        {
            LoadState = Required("LoadState"),
            ActiveState = Required("ActiveState"),
            SubState = Required("SubState"),
            MainProcess = Number("MainPID") is > 0 and var pid ? pid : null,
            Result = values.GetValueOrDefault("Result", ""),
            Status = Number("ExecMainStatus"),
            UnitFileState = values.GetValueOrDefault("UnitFileState", ""),
            File = values.GetValueOrDefault("FragmentPath", ""),
        };

        string Required(string name) => values.TryGetValue(name, out var value) && value.Length > 0
            ? value
            : throw new DriverException($"systemctl show printed no {name}", "look at what it prints: systemctl show UNIT");

        int? Number(string name) =>
            values.TryGetValue(name, out var value) && int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>For people: <c>active (running), process 4711</c>.</summary>
    public override string ToString()
    {
        var state = IsLoaded ? $"{ActiveState} ({SubState})" : LoadState;
        var process = MainProcess is { } pid ? $", process {pid}" : "";
        var result = HasFailed ? $", result {Result}{(Status is { } status ? $", status {status}" : "")}" : "";
        return state + process + result;
    }
}
