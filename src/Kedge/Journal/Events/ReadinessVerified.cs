using Kedge.Plan.Model;

namespace Kedge.Journal.Events;

/// <summary>A service was proven ready under this plan and this state of the world, by a preflight or by a run.</summary>
/// <param name="World">What was observed of its instances and should not change by itself: a line <c>NAME=VALUE</c> each, sorted.</param>
/// <param name="By">The run or command that proved it.</param>
public sealed record ReadinessVerified(ServiceName Service, PlanVersion PlanVersion, string World, string By) : JournalEvent;
