namespace Kedge.Vault.Check;

/// <summary>Gathers what a check finds. Safe for many threads.</summary>
internal sealed class FindingList(CheckWanted wanted)
{
    private readonly Lock gate = new();
    private readonly List<CheckFinding> kept = [];

    internal IReadOnlyList<CheckFinding> Kept => kept;

    internal long Damages { get; private set; }

    internal long Untidy { get; private set; }

    internal void Add(CheckFinding finding)
    {
        lock (gate)
        {
            if (finding.IsDamage)
            {
                Damages++;
                wanted.Progress.Problem();
            }
            else
            {
                Untidy++;
            }

            if (kept.Count < wanted.MaximumFindings)
            {
                kept.Add(finding);
            }

            wanted.OnFinding?.Invoke(finding);
        }
    }
}
