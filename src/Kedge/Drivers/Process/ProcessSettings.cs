using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Process;

/// <summary>The options of one instance, with the places that follow from them.</summary>
internal sealed class ProcessSettings
{
    /// <summary>
    /// Variable that everything an instance runs inherits: by it a process is found whose number could not be noted,
    /// because Kedge was killed between starting it and noting it.
    /// </summary>
    internal const string Mark = "KEDGE_PID_FILE";

    private readonly ISecretReader secrets;

    internal ProcessSettings(InstanceContext instance, string stateFolder, ISecretReader secrets)
    {
        this.secrets = secrets;
        Options = instance.Options;
        StateFolder = Path.Combine(stateFolder, "process",
            $"{instance.Id.Component.Service}.{instance.Id.Component.Name}@{instance.Id.Site}");
        PidFile = Path.GetFullPath(Options.TextOrNull("pid-file") ?? Path.Combine(StateFolder, "pid"));
        Log = Path.GetFullPath(Options.TextOrNull("log") ?? Path.Combine(StateFolder, "log"));
    }

    internal OptionValues Options { get; }

    /// <summary>Of this instance alone; made when it is first started.</summary>
    internal string StateFolder { get; }

    internal string PidFile { get; }

    internal string Log { get; }

    internal string Program => Options.List("run")[0];

    internal int StopSignal => StopSignals.Number(Options.Text("stop-signal"));

    internal TimeSpan StopTimeout => Options.Duration("stop-timeout");

    /// <summary>What is started, without its environment.</summary>
    internal ProgramStart Start => new()
    {
        Arguments = Options.List("run"),
        User = Options.TextOrNull("user"),
        Folder = Options.Text("folder"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    internal SecretEnvironment Environment => new(Options, secrets);
}
