using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Journal.Events;
using Kedge.Journal.Folding;
using Kedge.Plan.Model;
using Kedge.Recover.Run;

namespace Kedge.CommandLine.Moves;

/// <summary>The data itself is bad: back to a recovery point.</summary>
internal sealed class RestoreForm(CommandHost host) : MoveForm
{
    private readonly Argument<string[]> services = ServicesArgument(host, required: true);
    private readonly Option<string> scenario = new("--scenario")
    {
        Description = "What went wrong: data-corruption or security-breach.",
        HelpName = "SCENARIO",
        DefaultValueFactory = _ => "data-corruption",
    };

    public override string Name => "restore";

    public override string Summary => "Bring data back to a recovery point, because every copy is bad.";

    public override IReadOnlyList<string> More =>
        ["Replication copies corruption faithfully; only a backup undoes it. Without a vault the restore steps are shown as blocked."];

    public override IReadOnlyList<(string Arguments, string Why)> Examples =>
    [
        ("orders --scenario data-corruption", "Somebody deleted rows: what would a restore take?"),
        ("orders --scenario security-breach", "Somebody was in: what would a restore to a clean point take?"),
    ];

    public override void AddTo(Command command)
    {
        scenario.AcceptOnlyFromAmong("data-corruption", "security-breach");
        command.Arguments.Add(services);
        command.Options.Add(scenario);
    }

    public override MoveRequest Read(Invocation call, KedgePlan plan, Register register, RunBook runs)
    {
        var moves = Services(plan, call.Get(services)).Select(plan.FindService).OfType<Service>()
            .Select(s => new Move(s.Name, register.ActiveSite(s), register.ActiveSite(s))).ToList();
        var what = call.Get(scenario) == "security-breach" ? Scenario.SecurityBreach : Scenario.DataCorruption;
        return Request(RunKind.Restore, what, new(moves, []), "nothing would be restored");
    }
}
