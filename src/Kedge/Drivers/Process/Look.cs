using System.Collections.Concurrent;
using System.Security.Cryptography;
using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Process;

/// <summary>Sees what an instance does, and changes nothing.</summary>
internal sealed class Look(DriverServices services)
{
    private readonly Readiness readiness = new(services.Time);
    private readonly ConcurrentDictionary<string, (long Length, DateTime Written, string Digest)> digests = new();

    internal ProcessSettings SettingsOf(InstanceContext instance) => new(instance, services.StateFolder);

    internal async Task<Sight> SeeAsync(InstanceContext instance, CancellationToken cancellation)
    {
        var settings = SettingsOf(instance);
        var main = Running.FindMain(settings);
        if (main is { IsStopped: true })
        {
            return new(main, Ready: false, $"process {main.Pid} is there, but a signal has stopped it");
        }

        if (main is null && !Readiness.CanAsk(settings.Options))
        {
            return new(null, Ready: false, "no process of it runs");
        }

        var (ready, what) = await readiness.AskAsync(settings.Options, main, cancellation);
        return new(main, ready, (main, ready) switch
        {
            ({ }, _) => $"process {main.Pid} runs, {what}",
            (null, true) => $"{what}, but Kedge has not started what answers there",
            _ => $"no process of it runs, {what}",
        });
    }

    internal async Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation)
    {
        Sight sight;
        try
        {
            sight = await SeeAsync(instance, cancellation);
        }
        catch (DriverException e)
        {
            return new() { State = InstanceState.Unknown, Summary = e.Message };
        }

        return new()
        {
            State = sight switch
            {
                { Ready: true } => InstanceState.Running,
                { Main: { } } => InstanceState.Failing,
                _ => InstanceState.Stopped,
            },
            Summary = sight.What,
            Facts = Facts(SettingsOf(instance)),
        };
    }

    private Dictionary<string, string> Facts(ProcessSettings settings)
    {
        try
        {
            var program = ProgramFinder.Find(settings.Start);
            var file = new FileInfo(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program);
            var known = digests.GetValueOrDefault(file.FullName);
            if (known.Digest is null || known.Length != file.Length || known.Written != file.LastWriteTimeUtc)
            {
                using var content = file.OpenRead();
                known = (file.Length, file.LastWriteTimeUtc, Convert.ToHexStringLower(SHA256.HashData(content)));
                digests[file.FullName] = known;
            }

            return new() { ["program"] = program, ["program-sha256"] = known.Digest };
        }
        catch (Exception e) when (e is DriverException or IOException or UnauthorizedAccessException)
        {
            return new() { ["program"] = e.Message };
        }
    }

    /// <param name="Main">The process that Kedge started; null where it does not run.</param>
    /// <param name="Ready">True where it, or what stands in its place, does what it is for.</param>
    internal sealed record Sight(ProcessStat? Main, bool Ready, string What);
}
