using Kedge.Drivers;
using Kedge.Drivers.Command;
using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;

namespace Kedge.Acceptance.Drivers.Command;

/// <summary>A folder with commands that move a component: its state is a file.</summary>
internal sealed class CommandWorld : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kedge-command-").FullName;

    public CommandWorld()
    {
        Script("shop", $"""
            #!/bin/sh
            # First it does half of its work, so that it can be cut off in the middle.
            echo "$KEDGE_ACTION $KEDGE_KIND $KEDGE_RUN $KEDGE_FROM $KEDGE_TO $KEDGE_COMPONENT $KEDGE_SITE" > {this["last"]}
            echo "logged in with $PASSWORD"
            echo half > {this["state"]}
            sleep 0.02
            echo "$1" > {this["state"]}
            """);
        Script("verify", $"""
            #!/bin/sh
            state=$(cat {this["state"]})
            echo "it is $state, says $PASSWORD"
            case $state in active) exit 0 ;; inactive) exit 3 ;; *) exit 4 ;; esac
            """);
        File.WriteAllText(this["secret"], Secret + "\n");
        File.SetUnixFileMode(this["secret"], UnixFileMode.UserRead);
        Become("inactive");
    }

    public const string Secret = "s3cr3t-value";

    public CommandDriver Driver { get; } = new(new(TimeProvider.System, new SecretReader(), new ProgramRunner(TimeProvider.System)));

    public string State => File.ReadAllText(this["state"]).Trim();

    public string this[string name] => Path.Combine(folder, name);

    public void Become(string state) => File.WriteAllText(this["state"], state + "\n");

    public string Script(string name, string text)
    {
        File.WriteAllText(this[name], text);
        File.SetUnixFileMode(this[name], (UnixFileMode)0x1ED);
        return this[name];
    }

    /// <summary>Options of a component with every command.</summary>
    public Dictionary<string, object> Component() => new()
    {
        ["promote"] = new[] { this["shop"], "active" },
        ["start"] = new[] { this["shop"], "active" },
        ["switch"] = new[] { this["shop"], "active" },
        ["stop"] = new[] { this["shop"], "inactive" },
        ["fence"] = new[] { this["shop"], "inactive" },
        ["verify"] = new[] { this["verify"] },
        ["secrets"] = new { PASSWORD = $"file:{this["secret"]}" },
        ["safe-to-repeat"] = true,
    };

    /// <summary>Options of a custom step.</summary>
    public Dictionary<string, object> Custom() => new()
    {
        ["run"] = new[] { this["shop"], "active" },
        ["verify"] = new[] { this["verify"] },
        ["secrets"] = new { PASSWORD = $"file:{this["secret"]}" },
        ["safe-to-repeat"] = true,
    };

    public StepContext Step(Dictionary<string, object> component)
    {
        var instance = SmallPlan.Instance(Driver.Contract, component);
        return SmallPlan.Step(instance, instance.Options);
    }

    public StepContext CustomStep(Dictionary<string, object> options) =>
        SmallPlan.Step(null, SmallPlan.Custom(Driver.Contract, options));

    public override string ToString() => string.Join('\n',
        Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(f => $"{f}: {File.ReadAllText(f)}"));

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
