using Kedge.Drivers.Programs;

namespace Kedge.Drivers;

/// <summary>What drivers are built with: the clock, secrets, and the means to run programs.</summary>
public sealed record DriverServices(TimeProvider Time, ISecretReader Secrets, IProgramRunner Programs)
{
    /// <summary>
    /// Where drivers keep what they must find again after a restart, each in a folder with its kind's name:
    /// <c>/var/lib/kedge</c> for root, for other users <c>~/.local/state/kedge</c>, unless set.
    /// </summary>
    public string StateFolder { get; init; } = Environment.IsPrivilegedProcess
        ? "/var/lib/kedge"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/state/kedge");
}
