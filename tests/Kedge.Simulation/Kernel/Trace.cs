namespace Kedge.Simulation.Kernel;

/// <summary>What happened in one simulated run, line by line, where somebody wants to read it.</summary>
internal sealed class Trace(bool on)
{
    private readonly List<string> lines = [];

    public bool On { get; } = on;

    public IReadOnlyList<string> Lines => lines;

    public void Add(TimeSpan at, string line) => lines.Add($"{at.TotalSeconds,9:0.000}  {line}");
}
