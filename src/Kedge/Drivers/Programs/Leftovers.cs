namespace Kedge.Drivers.Programs;

/// <summary>
/// What programs had started themselves and left running when Kedge was killed. The kernel kills a program that Kedge
/// runs together with Kedge, but not that program's own children: they carry a mark in their environment, by which
/// whoever takes over finds and kills them before it acts.
/// </summary>
public static class Leftovers
{
    private const string Variable = "KEDGE_STARTED_BY";

    /// <summary>
    /// Kills what the programs of a dead Kedge process left behind. Spared is whatever made a session of its own (a
    /// database server that a tool has started is meant to go on). Returns once they are dead, with their number; throws
    /// <see cref="DriverException"/> where one does not die.
    /// </summary>
    /// <param name="kedge">A process that is dead: the programs of a living one are its own affair.</param>
    public static async Task<int> KillAsync(ProcessIdentity kedge, TimeProvider time, CancellationToken cancellation)
    {
        if (ProcessTable.IsAlive(kedge))
        {
            throw new InvalidOperationException($"{kedge} lives: kill it before what it has started");
        }

        var killed = new HashSet<ProcessIdentity>();
        while (ProcessTable.WithEnvironment(Variable, Value(kedge))
            .Where(p => ProcessStat.Read(p.Session) is not { IsDead: false })
            .Select(p => p.Identity).Where(killed.Add).ToList() is { Count: > 0 } more)
        {
            foreach (var process in more)
            {
                ProcessTable.Signal(process, NativeCalls.Kill);
            }
        }

        return await ProcessTable.WaitForEndAsync(killed, TimeSpan.FromSeconds(5), time, cancellation)
            ? killed.Count
            : throw new DriverException($"what {kedge} had started does not die: {string.Join(", ", killed.Where(ProcessTable.IsAlive))}",
                "it waits for a device or a network file system; nothing but that, or a restart of the machine, ends it");
    }

    internal static ProgramStart Mark(ProgramStart start) => start with
    {
        Environment = new Dictionary<string, string>(start.Environment) { [Variable] = Value(ProcessTable.Own) },
    };

    private static string Value(ProcessIdentity kedge) => $"{kedge.Pid}:{kedge.Started}";
}
