using System.Security.Cryptography;
using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Systemd;

/// <summary>Sees what a unit does, and changes nothing. systemd's word is held against the process itself.</summary>
internal sealed class UnitLook(ISystemctl systemctl)
{
    internal async Task<UnitSight> SeeAsync(Unit unit, CancellationToken cancellation)
    {
        var state = await systemctl.ShowAsync(unit, cancellation);
        var main = state.MainProcess is { } pid ? ProcessStat.Read(pid) : null;
        return new(state, state switch
        {
            { IsActive: false } => Standing.Down,
            { MainProcess: null } => Standing.Up,
            _ when main is null or { IsDead: true } => Standing.Dead,
            _ when main.IsStopped => Standing.Hangs,
            _ => Standing.Up,
        });
    }

    internal async Task<InstanceObservation> ObserveAsync(Unit unit, CancellationToken cancellation)
    {
        UnitSight sight;
        try
        {
            sight = await SeeAsync(unit, cancellation);
        }
        catch (DriverException e)
        {
            return new() { State = InstanceState.Unknown, Summary = e.Message };
        }

        return new()
        {
            State = sight switch
            {
                { State.IsLoaded: false } => InstanceState.Failing,
                { Standing: Standing.Up } => InstanceState.Running,
                { State.IsDown: true } => InstanceState.Stopped,
                _ => InstanceState.Failing,
            },
            Summary = $"{unit} is {sight}",
            Facts = Facts(unit, sight.State),
        };
    }

    private static Dictionary<string, string> Facts(Unit unit, UnitState state)
    {
        var facts = new Dictionary<string, string>
        {
            ["unit"] = unit.Name,
            ["load-state"] = state.LoadState,
            ["at-boot"] = state.UnitFileState,
            ["unit-file"] = state.File,
        };
        if (File.Exists(state.File))
        {
            facts["unit-file-sha256"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(state.File)));
        }

        return facts;
    }
}

/// <param name="Standing">What it comes to.</param>
internal sealed record UnitSight(UnitState State, Standing Standing)
{
    public override string ToString() => Standing switch
    {
        Standing.Dead => $"{State}, which is dead",
        Standing.Hangs => $"{State}, which a signal has stopped",
        _ => $"{State}",
    };
}

/// <summary>What a unit's state and its process come to.</summary>
internal enum Standing
{
    /// <summary>Not active; it may be on its way up or down.</summary>
    Down,
    Up,

    /// <summary>systemd has not yet seen its main process die.</summary>
    Dead,

    /// <summary>A signal has stopped its main process.</summary>
    Hangs,
}
