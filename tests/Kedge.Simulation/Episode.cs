using System.Text;
using Kedge.Journal.Events;
using Kedge.Plan.Model;
using Kedge.Simulation.Actors;
using Kedge.Simulation.Fence;
using Kedge.Simulation.Kernel;
using Kedge.Simulation.Laws;
using Kedge.Simulation.Store;
using Kedge.Simulation.World;

namespace Kedge.Simulation;

/// <summary>
/// One simulated life of a control plane: machines with nodes, a store, the world that they look after, people, and what
/// goes wrong. After a while nothing goes wrong any more, and everything has to come to a good end.
/// </summary>
internal sealed class Episode
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(5);

    private readonly List<SimulatedProcess> processes = [];
    private readonly Dictionary<NodeIdentity, SimulatedProcess> byIdentity = [];
    private readonly GoodEnd goodEnd;

    private Episode(Setting setting, Parts parts, Trace trace)
    {
        (Setting, Parts) = (setting, parts);
        Scheduler = new(setting.Seed, trace);
        Store = new(Scheduler, parts.StoreAcknowledgesBeforeSync);
        SecondPlace = new(Scheduler);
        Guards = new(Scheduler);
        World = new(Scheduler, setting.Plan, setting.Synchronous) { Temper = setting.Temper };
        if (setting.OutOfReach is { } site)
        {
            World.OutOfReach.Add(site);
        }

        Truth = new(ReadPlan, Reader);
        ActLaw = new(Scheduler, Truth, Guards);
        WorldLaw = new(Scheduler, Truth, World);
        JournalLaw = new(Scheduler, Store, Truth, ActLaw, node => FindProcess(node) is null or { IsDead: true });
        Machines = [.. Enumerable.Range(1, setting.Machines).Select(i => new Machine(this, $"machine-{i}"))];
        Outside = NewProcess("outside", "nowhere");
        Customers = new(this);
        Supervisor = new(this);
        goodEnd = new(this);
    }

    public Setting Setting { get; }

    public Parts Parts { get; }

    public Scheduler Scheduler { get; }

    public SimulatedStore Store { get; }

    public Reader Reader { get; } = new();

    public SecondPlace SecondPlace { get; }

    public SimulatedGuards Guards { get; }

    public SimulatedWorld World { get; }

    public Truth Truth { get; }

    public ActLaw ActLaw { get; }

    public WorldLaw WorldLaw { get; }

    public JournalLaw JournalLaw { get; }

    public IReadOnlyList<Machine> Machines { get; }

    public Customers Customers { get; }

    public DataSupervisor Supervisor { get; }

    /// <summary>Everybody who is not a process of Kedge's.</summary>
    public SimulatedProcess Outside { get; }

    /// <summary>False once nothing goes wrong any more.</summary>
    public bool InTrouble { get; private set; } = true;

    public static Outcome Run(int seed, Parts parts, bool verbose) => Run(Setting.Of(seed), parts, verbose);

    public static Outcome Run(Setting setting, Parts parts, bool verbose)
    {
        var trace = new Trace(verbose);
        return new Episode(setting, parts, trace).Run(trace);
    }

    public SimulatedProcess NewProcess(string name, string machine)
    {
        var process = new SimulatedProcess(Scheduler, name, machine, processes.Count + 1);
        processes.Add(process);
        byIdentity.Add(process.Identity, process);
        return process;
    }

    public SimulatedProcess? FindProcess(NodeIdentity node) => byIdentity.GetValueOrDefault(node);

    public KedgePlan ReadPlan(string source) => source == Setting.Plan.Version.Value
        ? Setting.Plan
        : throw new InvalidOperationException($"nobody wrote the plan {source}");

    private Outcome Run(Trace trace)
    {
        var first = new Terminal(this, "Ann");
        var second = new Terminal(this, "Ben");
        for (var i = 0; i < Setting.Nodes; i++)
        {
            Machines[i % Machines.Count].StartNode($"node-{i + 1}");
        }

        first.Start();
        second.Start();
        Customers.Start();
        Supervisor.Start();
        var mishaps = new Mishaps(this);
        mishaps.Arrange();

        Scheduler.Run(Setting.Trouble, static () => false);
        if (Scheduler.Violation is null)
        {
            InTrouble = false;
            World.Note("nothing goes wrong any more");
            mishaps.MendEverything();
            var until = Scheduler.Elapsed + LongestEnd;
            if (!Scheduler.Run(until, goodEnd.Reached) && Scheduler.Violation is null)
            {
                Scheduler.Fail("it comes to an end", goodEnd.WhatIsWrong());
            }

            goodEnd.DemandAllData();
        }

        return new(
            Setting.Seed, Scheduler.Violation, Scheduler.Fingerprint, Scheduler.Steps, Scheduler.Elapsed,
            (int)Truth.Head.Position, ActLaw.Count, WorldLaw.Orders, WorldLaw.Lost, mishaps.Happened, trace.Lines);
    }
}

/// <summary>What became of a seed.</summary>
/// <param name="Violation">Null where all laws held.</param>
/// <param name="Fingerprint">The same for two runs only if they took the same steps.</param>
internal sealed record Outcome(
    int Seed, Violation? Violation, ulong Fingerprint, long Steps, TimeSpan Elapsed, int Entries, int Acts, int Orders, int Lost,
    IReadOnlyDictionary<string, int> Mishaps, IReadOnlyList<string> Trace)
{
    public string Explain()
    {
        var text = new StringBuilder();
        foreach (var line in Trace)
        {
            text.AppendLine(line);
        }

        return text.AppendLine(Violation?.ToString() ?? "all laws held").ToString();
    }
}
