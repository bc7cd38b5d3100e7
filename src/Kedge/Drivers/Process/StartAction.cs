using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Process;

/// <summary>Starts an instance and waits until it is ready.</summary>
internal sealed class StartAction(DriverServices services, Look look) : IDriverAction
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var sight = await look.SeeAsync(step.Instance!, cancellation);
        return sight.Ready ? Judgement.Done(sight.What) : Judgement.NotYet(sight.What);
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var instance = step.Instance!;
        var settings = look.SettingsOf(instance);
        var report = "";
        var running = Running.Find(settings);
        if (running.Main is { IsStopped: true } or null && running.All.Any())
        {
            report = await ClearAsync(running, cancellation);
            running = new(null, []);
        }

        report += running.Main is { } main
            ? $"process {main.Pid} ran already"
            : $"started as process {await StartAsync(settings, cancellation)}";
        while (true)
        {
            var sight = await look.SeeAsync(instance, cancellation);
            if (sight.Ready)
            {
                return report;
            }

            if (sight.Main is null)
            {
                throw new DriverException(
                    $"'{settings.Program}' ended before it was ready; {LastWords(settings)}",
                    $"read {settings.Log}");
            }

            if (sight.Main.IsStopped)
            {
                throw new DriverException(sight.What, "another attempt replaces it; find out who stops it");
            }

            await Task.Delay(LookEvery, services.Time, cancellation);
        }
    }

    public Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation) => JudgeAsync(step, cancellation);

    public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = look.SettingsOf(step.Instance!);
        List<PreflightFinding> findings = [ProgramFinder.Preflight(settings.Start)];
        findings.AddRange(settings.Environment.Preflight());
        findings.AddRange(new[] { settings.Log, settings.PidFile }.Select(file => Path.GetDirectoryName(file)!).Distinct().Select(FolderPreflight));
        return Task.FromResult<IReadOnlyList<PreflightFinding>>(findings);
    }

    private async Task<int> StartAsync(ProcessSettings settings, CancellationToken cancellation)
    {
        var environment = settings.Environment.Resolve();
        environment[ProcessSettings.Mark] = settings.PidFile;
        CreateFolder(settings.StateFolder);
        PidFile.WriteStarting(settings.PidFile);
        var pid = await services.Programs.StartDetachedAsync(settings.Start with { Environment = environment }, settings.Log, cancellation);
        if (ProcessStat.Read(pid) is { } stat)
        {
            PidFile.Write(settings.PidFile, stat.Identity);
        }

        return pid;
    }

    /// <summary>A process that a signal has stopped, or what outlived a dead one, would stand in the way (a port, a lock).</summary>
    private async Task<string> ClearAsync(Running running, CancellationToken cancellation)
    {
        var killed = running.All.SelectMany(ProcessTable.KillTree).Distinct().ToList();
        return await ProcessTable.WaitForEndAsync(killed, TimeSpan.FromSeconds(5), services.Time, cancellation)
            ? $"killed {string.Join(", ", killed.Select(p => p.Pid))} of an earlier start; "
            : throw new DriverException(
                $"what is left of an earlier start does not die: {string.Join(", ", killed.Where(ProcessTable.IsAlive))}",
                "it waits for a device or a network file system; nothing but that, or a restart of the machine, ends it");
    }

    private static string LastWords(ProcessSettings settings)
    {
        try
        {
            using var file = new FileStream(settings.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Seek(-Math.Min(2048, file.Length), SeekOrigin.End);
            using var reader = new StreamReader(file);
            var last = reader.ReadToEnd().TrimEnd().Split('\n')[^1].Trim();
            return last.Length == 0 ? "it printed nothing"
                : $"it printed last: {settings.Environment.Redact(last)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"its log could not be read ({e.Message})";
        }
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"folder '{folder}' could not be made: {e.Message}",
                "let Kedge's user write its state folder", inner: e);
        }
    }

    private static PreflightFinding FolderPreflight(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }

        return FolderAccess.MayWrite(existing)
            ? new(true, $"folder {folder} can be written", null)
            : new(false, $"folder '{existing}' cannot be written by Kedge's user", "give Kedge's user the right to, or name another place");
    }
}
