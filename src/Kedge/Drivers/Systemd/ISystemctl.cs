using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Systemd;

/// <summary>
/// What the driver asks of systemd. Each throws <see cref="DriverException"/> where systemd cannot be asked or refuses.
/// </summary>
internal interface ISystemctl
{
    /// <summary>The unit as systemd sees it now; a unit that does not exist is a state, too.</summary>
    Task<UnitState> ShowAsync(Unit unit, CancellationToken cancellation);

    /// <summary>Starts it and waits until that has succeeded or failed: only <see cref="ShowAsync"/> tells which.</summary>
    Task StartAsync(Unit unit, CancellationToken cancellation);

    /// <summary>Asks for it to be stopped, and does not wait.</summary>
    Task BeginStopAsync(Unit unit, CancellationToken cancellation);

    /// <summary>Sends SIGKILL to all its processes.</summary>
    Task KillAsync(Unit unit, CancellationToken cancellation);
}

/// <summary>A unit and where it is managed.</summary>
/// <param name="User">Whose user manager; null for that of Kedge's own user. Means nothing for the system's manager.</param>
internal sealed record Unit(string Name, bool OfUser, string? User)
{
    internal static Unit Of(OptionValues options) =>
        new(options.Text("unit"), options.Text("scope") == "user", options.TextOrNull("user"));

    /// <summary>The command by which a person asks about it.</summary>
    internal string Journal => OfUser ? $"journalctl --user -u {Name}" : $"journalctl -u {Name}";

    public override string ToString() => Name;
}
