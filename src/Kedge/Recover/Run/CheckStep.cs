using Kedge.Drivers;
using Kedge.Journal;
using Kedge.Journal.Events;
using Kedge.Plan.Model;

namespace Kedge.Recover.Run;

/// <summary>Tests a service end to end at its new site until it serves.</summary>
internal sealed class CheckStep(JournalSession session, EngineWorld world)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public async Task ExecuteAsync(HeldClaim held, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(held.Step.Timeout, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var service = world.Plans.Get(held.Run.Planned.PlanVersion).FindService(held.Step.Service)!;
        var checks = service.Checks.Where(c => c.At.ContainsKey(held.Step.At)).ToList();
        while (true)
        {
            var results = await Task.WhenAll(checks.Select(c => CheckAsync(held, c, linked.Token)));
            if (results.All(r => r.Ok))
            {
                var at = world.Time.GetUtcNow();
                await session.PersistAsync(() => Serving(held, service, at, results), world.Time, cancellation);
                return;
            }

            var broken = results.Zip(checks).First(r => !r.First.Ok);
            if (limit.IsCancellationRequested)
            {
                throw new DriverException($"{broken.Second.Name}: {broken.First.What}", "mend the service, then retry the step");
            }

            await Task.Delay(Pause, world.Time, cancellation);
        }
    }

    private static IReadOnlyList<JournalEvent> Serving(HeldClaim held, Service service, DateTimeOffset at, CheckResult[] results)
    {
        var verified = held.Verified(string.Join("; ", results.Select(r => r.What)), wasDone: false);
        return verified.Count == 0
            ? []
            : [new ServiceServing(held.Run.Id, service.Name, held.Step.At, at), .. verified];
    }

    private async Task<CheckResult> CheckAsync(HeldClaim held, Check check, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return new(false, "time is up");
        }

        using var limit = new CancellationTokenSource(check.Timeout, world.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await held.Driver.MakeAsync(() => world.Drivers.GetChecker(check.Driver).CheckAsync(check.At[held.Step.At], linked.Token));
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            return new(false, $"no answer within {Plan.Contracts.Durations.Show(check.Timeout)}");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new(false, $"the check itself failed: {failure.Message}");
        }
    }
}
