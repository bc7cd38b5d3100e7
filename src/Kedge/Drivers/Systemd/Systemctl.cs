using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Systemd;

/// <summary>systemctl(1), run as a program.</summary>
internal sealed class Systemctl(IProgramRunner programs, string program, string? runtimeFolder) : ISystemctl
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    /// <summary>A guard against a systemctl that never returns; each step has a limit of its own, which is shorter.</summary>
    private static readonly TimeSpan LongestJob = TimeSpan.FromHours(1);

    public async Task<UnitState> ShowAsync(Unit unit, CancellationToken cancellation)
    {
        var result = await RunAsync(unit, LongestLook, ["show", $"--property={UnitState.Properties}", "--", unit.Name], cancellation);
        return result.ExitCode == 0 ? UnitState.Parse(result.Output) : throw Refused(unit, "could not be asked about", result);
    }

    public async Task StartAsync(Unit unit, CancellationToken cancellation)
    {
        var result = await RunAsync(unit, LongestJob, ["start", "--", unit.Name], cancellation);

        // A job that has failed shows in the unit; what never became a job, does not.
        if (result.ExitCode != 0 && !(await ShowAsync(unit, cancellation)).HasFailed)
        {
            throw Refused(unit, "did not start", result);
        }
    }

    public async Task BeginStopAsync(Unit unit, CancellationToken cancellation)
    {
        var result = await RunAsync(unit, LongestLook, ["stop", "--no-block", "--", unit.Name], cancellation);
        if (result.ExitCode != 0)
        {
            throw Refused(unit, "did not stop", result);
        }
    }

    public async Task KillAsync(Unit unit, CancellationToken cancellation)
    {
        var result = await RunAsync(unit, LongestLook, ["kill", "--signal=KILL", "--", unit.Name], cancellation);
        if (result.ExitCode != 0 && (await ShowAsync(unit, cancellation)).MainProcess is not null)
        {
            throw Refused(unit, "did not kill", result);
        }
    }

    private ProgramStart Start(Unit unit, TimeSpan timeout, params IReadOnlyList<string> arguments)
    {
        var account = unit.User is { } user ? RunAs.Check(user) : UserAccount.Own;
        return new()
        {
            Arguments = [program, unit.OfUser ? "--user" : "--system", "--no-pager", "--no-ask-password", .. arguments],
            User = unit.OfUser ? unit.User : null,
            Environment = unit.OfUser
                ? new Dictionary<string, string> { ["XDG_RUNTIME_DIR"] = runtimeFolder ?? $"/run/user/{account.User}" }
                : [],
            Timeout = timeout,
        };
    }

    private Task<ProgramResult> RunAsync(Unit unit, TimeSpan timeout, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        programs.RunAsync(Start(unit, timeout, arguments), cancellation);

    private static DriverException Refused(Unit unit, string what, ProgramResult result)
    {
        var said = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()
            ?? $"it ended with exit code {result.ExitCode}";
        return new($"systemd {what} {unit}: {said}", unit.OfUser
            ? "the user manager must run (loginctl enable-linger USER)"
            : "systemd must be running, and Kedge must be root or allowed to manage units (polkit)");
    }
}
