using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Help;

/// <summary>
/// Names that a shell may complete, from the plan and the state at hand. While somebody types there is nobody to tell a
/// failure to: what cannot be read offers nothing.
/// </summary>
internal sealed class Suggestions(CommandHost host)
{
    private PlanLocation Location => PlanLocation.Find(null, null, host.Folder, host.Environment);

    public IEnumerable<string> Sites() => Plan()?.Sites.Select(s => s.Name.Value) ?? [];

    public IEnumerable<string> Services() => Plan()?.Services.Select(s => s.Name.Value) ?? [];

    public IEnumerable<string> Components() => Plan()?.Services.SelectMany(s => s.Components).Select(c => c.Id.ToString()) ?? [];

    /// <summary>The newest first.</summary>
    public IEnumerable<string> Runs()
    {
        var book = new RunBook();
        if (!File.Exists(Path.Combine(Location.State, "kedge.db")))
        {
            return [];
        }

        try
        {
            NodeContext.Run(async () =>
            {
                await using var journal = await StoredJournal.OpenAsync(Location.State, host.Time, CancellationToken.None);
                return await journal.ReadAsync(book.Apply, CancellationToken.None);
            });
        }
        catch (Exception failure) when (KnownFailure.Of(failure) is not null)
        {
            return [];
        }

        return book.Runs.Reverse().Take(20).Select(r => r.Id.Value);
    }

    private KedgePlan? Plan() => Location.Plan is { } path ? new PlanReader(ControlPlane.Contracts).Read(PlanFiles.Load(path)).Plan : null;
}
