using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Watch;

/// <summary>
/// Tests every service end to end at its active site, all the time. Results stay here; what goes into the journal is
/// that a service went down (with the failures that confirm it) or came up.
/// </summary>
public sealed class ServiceWatch
{
    private readonly JournalSession session;
    private readonly Register register;
    private readonly HealthBook health;
    private readonly DriverRegistry drivers;
    private readonly IWorkplace workplace;
    private readonly TimeProvider time;
    private readonly List<Watched> watched;

    public ServiceWatch(
        KedgePlan plan,
        JournalSession session,
        Register register,
        HealthBook health,
        DriverRegistry drivers,
        IWorkplace workplace,
        TimeProvider time)
    {
        (this.session, this.register, this.health, this.drivers) = (session, register, health, drivers);
        (this.workplace, this.time) = (workplace, time);
        watched = [.. plan.Services.SelectMany(s => s.Checks.Select(c => new Watched(s, new CheckHistory(c))))];
    }

    /// <summary>True while a check of the service fails, be it confirmed or not.</summary>
    public bool IsSuspect(ServiceName service) =>
        watched.Any(w => w.Service.Name == service && w.History.FailingSince is not null);

    /// <summary>Watches until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(watched.Select(w => RunAsync(w, cancellation)));

    private async Task RunAsync(Watched one, CancellationToken cancellation)
    {
        while (true)
        {
            var begun = time.GetUtcNow();
            var site = register.ActiveSite(one.Service);
            if (one.Site != site)
            {
                one.Site = site;
                one.History.Clear();
            }

            if (one.History.Check.At.TryGetValue(site, out var options))
            {
                var result = await CheckAsync(one.History.Check, options, cancellation);
                if (register.ActiveSite(one.Service) != site)
                {
                    continue;
                }

                one.History.Take(result, site, begun);
                await ReportAsync(one, site, cancellation);
            }

            await PauseAsync(one, begun, cancellation);
        }
    }

    private async Task<CheckResult> CheckAsync(Check check, OptionValues options, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(check.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await workplace.RunAsync(() => drivers.GetChecker(check.Driver).CheckAsync(options, linked.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, $"no answer within {Durations.Show(check.Timeout)}");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(false, $"the check itself failed: {failure.Message}");
        }
    }

    private async Task ReportAsync(Watched one, SiteName site, CancellationToken cancellation)
    {
        var service = one.Service.Name;
        if (one.History.FailingSince is not null)
        {
            Hurry(site, one);
            if (one.History.Down && health.Find(service, site) is null)
            {
                await session.PersistAloneAsync(
                    () => IsActive(one, site) && health.Find(service, site) is null && one.History.FailingSince is { } since
                        ? [new ServiceDown(service, site, since, [.. one.History.Evidence])]
                        : [],
                    time,
                    cancellation);
            }
        }
        else if (health.Find(service, site) is not null && watched.Where(w => w.Service.Name == service).All(w => w.History.Up))
        {
            var at = time.GetUtcNow();
            await session.PersistAloneAsync(
                () => IsActive(one, site) && health.Find(service, site) is not null ? [new ServiceUp(service, site, at)] : [], time, cancellation);
        }
    }

    /// <summary>A result counts only while the service is where it was tested: it may move while its report waits for
    /// the store, or in the very append that would carry it, which is why reports go alone.</summary>
    private bool IsActive(Watched one, SiteName site) => register.ActiveSite(one.Service) == site;

    /// <summary>A failure makes everybody at that site look at once: whether one service is lost or all of them decides what follows.</summary>
    private void Hurry(SiteName site, Watched cause)
    {
        foreach (var other in watched.Where(w => w != cause && w.Site == site && w.History.FailingSince is null))
        {
            other.Hurried.TrySetResult();
        }
    }

    private async Task PauseAsync(Watched one, DateTimeOffset begun, CancellationToken cancellation)
    {
        var check = one.History.Check;
        var failing = one.History is { FailingSince: not null, Down: false };
        var until = begun + (failing ? check.ConfirmEvery : check.Every);
        one.Hurried = new TaskCompletionSource();
        var rest = until - time.GetUtcNow();
        if (rest > TimeSpan.Zero)
        {
            await FirstOf.WaitAsync([one.Hurried.Task], rest, time, cancellation);
        }
    }

    private sealed class Watched(Service service, CheckHistory history)
    {
        public Service Service { get; } = service;

        public CheckHistory History { get; } = history;

        public SiteName? Site { get; set; }

        public TaskCompletionSource Hurried { get; set; } = new();
    }
}
