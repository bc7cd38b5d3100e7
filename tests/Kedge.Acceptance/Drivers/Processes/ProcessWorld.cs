using Kedge.Drivers;
using Kedge.Drivers.Process;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;

namespace Kedge.Acceptance.Drivers.Processes;

/// <summary>A driver with a state folder of its own, and everything that it has started, which is killed afterwards.</summary>
internal sealed class ProcessWorld : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kedge-process-").FullName;

    public ProcessWorld()
    {
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ED);
        Driver = NewDriver();
    }

    public ProcessDriver Driver { get; }

    public string StateFolder => Path.Combine(folder, "state/process/shop.thing@east");

    public string PidFile => Path.Combine(StateFolder, "pid");

    public string Log => Path.Combine(StateFolder, "log");

    public string this[string name] => Path.Combine(folder, name);

    /// <summary>As Kedge has it after a restart.</summary>
    public ProcessDriver NewDriver() =>
        new(new(TimeProvider.System, new SecretReader(), new ProgramRunner(TimeProvider.System)) { StateFolder = Path.Combine(folder, "state") });

    public InstanceContext Instance(Dictionary<string, object> options) => SmallPlan.Instance(Driver.Contract, options, new { run = new[] { "true" } });

    public string Script(string name, string text)
    {
        File.WriteAllText(this[name], text);
        File.SetUnixFileMode(this[name], (UnixFileMode)0x1ED);
        return this[name];
    }

    /// <summary>Everything alive that was started for the instance, by the mark that it carries.</summary>
    public IReadOnlyList<ProcessStat> Alive() => ProcessTable.WithEnvironment("KEDGE_PID_FILE", PidFile);

    /// <summary>Files and processes as they are.</summary>
    public override string ToString() => string.Join('\n',
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file}: {File.ReadAllText(file)}")
            .Concat(Alive().Select(p => $"{p.Pid} {p.Name} {(p.IsStopped ? "stopped" : "")}")));

    public async Task KillAllAsync()
    {
        var killed = Alive().SelectMany(p => ProcessTable.KillTree(p.Identity)).ToList();
        await ProcessTable.WaitForEndAsync(killed, TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None);
        if (Directory.Exists(StateFolder))
        {
            Directory.Delete(StateFolder, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAllAsync();
        Directory.Delete(folder, recursive: true);
    }
}
