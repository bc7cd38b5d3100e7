using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Drivers;

/// <summary>
/// What a driver offers whose instance is dormant at the recovery site until its service moves there: a program, a unit.
/// </summary>
internal static class DormantActions
{
    /// <summary>In a failover the old side is given no longer than this before SIGKILL: nobody may wait for a lost site.</summary>
    internal static readonly TimeSpan FencePatience = TimeSpan.FromSeconds(1);

    /// <summary>The actions <c>start</c>, <c>stop</c>, <c>stop-old</c>, <c>resume</c> and <c>make-dormant</c>.</summary>
    internal static IReadOnlyList<ActionContract> Of(Limit start, Limit stop) =>
    [
        new()
        {
            Name = "start",
            Role = ActionRole.Start,
            Kinds = [RunKind.Switchover, RunKind.Failover, RunKind.Failback],
            Title = "Start {component} at {site}",
            Why = "It is dormant here until the service moves; what it needs is ready by now.",
            SafeToRepeat = true,
            Estimate = TimeSpan.FromSeconds(2),
            Timeout = start.Timeout,
            TimeoutFrom = start.Option,
        },
        new()
        {
            Name = "stop",
            Role = ActionRole.Stop,
            Kinds = [RunKind.Switchover, RunKind.Failback, RunKind.Rollback],
            Title = "Stop {component} at {site}",
            Why = "It must not go on working at the side that the service leaves.",
            SafeToRepeat = true,
            Estimate = TimeSpan.FromSeconds(1),
            Timeout = stop.Timeout,
            TimeoutFrom = stop.Option,
        },
        new()
        {
            Name = "stop-old",
            Role = ActionRole.Fence,
            Kinds = [RunKind.Failover],
            Title = "Stop {component} at {site}, if that can still be done",
            Why = "Two of them at work would confuse customers; but a lost site is not waited for.",
            SafeToRepeat = true,
            Required = false,
            Estimate = TimeSpan.FromMilliseconds(100),
            Timeout = TimeSpan.FromSeconds(3),
            Attempts = 1,
        },
        new()
        {
            Name = "resume",
            Role = ActionRole.Resume,
            Kinds = [RunKind.Rollback],
            Title = "Start {component} at {site} again",
            Why = "The service goes back to the side that it left.",
            SafeToRepeat = true,
            Estimate = TimeSpan.FromSeconds(2),
            Timeout = start.Timeout,
            TimeoutFrom = start.Option,
        },
        new()
        {
            Name = "make-dormant",
            Role = ActionRole.Reprotect,
            Kinds = [RunKind.Reprotect],
            Title = "Make sure that {component} at {site} is stopped",
            Why = "Whatever outlived the failover there must not go on working beside the new side.",
            SafeToRepeat = true,
            Estimate = TimeSpan.FromSeconds(1),
            Timeout = stop.Timeout,
            TimeoutFrom = stop.Option,
        },
    ];

    /// <param name="Timeout">Of one attempt.</param>
    /// <param name="Option">Option of the plan that says otherwise; null where there is none.</param>
    internal readonly record struct Limit(TimeSpan Timeout, string? Option = null);
}
