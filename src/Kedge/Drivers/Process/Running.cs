using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Process;

/// <summary>What runs of an instance.</summary>
/// <param name="Main">The process that Kedge started; null where it is dead.</param>
/// <param name="Rest">Living processes that it started, and that may have outlived it.</param>
internal sealed record Running(ProcessStat? Main, IReadOnlyList<ProcessStat> Rest)
{
    internal IEnumerable<ProcessIdentity> All => (Main is null ? Rest : Rest.Prepend(Main)).Select(p => p.Identity);

    /// <summary>
    /// Finds the main process alone, which is cheap where its number is noted. Throws <see cref="DriverException"/> where
    /// the note cannot be read.
    /// </summary>
    internal static ProcessStat? FindMain(ProcessSettings settings)
    {
        var note = PidFile.Read(settings.PidFile);
        if (note.Process is { } noted)
        {
            return ProcessStat.Read(noted.Pid) is { IsDead: false } stat && stat.Identity == noted ? stat : null;
        }

        // What Kedge starts leads a session; what that starts, usually does not. The oldest comes first.
        return note.Uncertain
            ? ProcessTable.WithEnvironment(ProcessSettings.Mark, settings.PidFile)
                .Where(p => p.Pid == p.Session).OrderBy(p => p.Identity.Started).ThenBy(p => p.Pid).FirstOrDefault()
            : null;
    }

    /// <summary>Finds everything that belongs to the instance.</summary>
    internal static Running Find(ProcessSettings settings)
    {
        var main = FindMain(settings);
        var rest = ProcessTable.WithEnvironment(ProcessSettings.Mark, settings.PidFile).ToList();
        if ((main?.Identity ?? PidFile.Read(settings.PidFile).Process) is { } leader)
        {
            // Programs may overwrite their environment (with a title, say): the session shows those. Its number is taken
            // as long as it has members, so a living process of that number that is not ours means that it has none.
            var session = ProcessStat.Read(leader.Pid) is { } other && other.Identity != leader ? [] : ProcessTable.OfSession(leader.Pid);
            rest.AddRange(session);
        }

        return new(main, [.. rest.Where(p => p.Identity != main?.Identity).DistinctBy(p => p.Identity)]);
    }
}
