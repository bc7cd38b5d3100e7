using Kedge.Drivers.Programs;
using Kedge.Drivers.Secrets;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Command;

/// <summary>
/// The options of a component, a custom step or a check. All but the commands have defaults, here too: a site's own
/// fence command comes as a step with nothing but <c>run</c>, <c>timeout</c> and <c>safe-to-repeat</c>.
/// </summary>
internal sealed class CommandSettings(OptionValues options, ISecretReader secrets)
{
    internal SecretEnvironment Secrets { get; } = new(options, secrets);

    internal bool HasVerify => options.List("verify").Count > 0;

    internal bool SafeToRepeat => options.Has("safe-to-repeat") && options.Flag("safe-to-repeat");

    internal int ExpectedExit => options.Has("expect-exit") ? options.Integer("expect-exit") : 0;

    internal TimeSpan Limit => options.Has("timeout") ? options.Duration("timeout") : TimeSpan.FromMinutes(1);

    internal bool Has(string command) => options.List(command).Count > 0;

    /// <summary>A command, without its environment.</summary>
    internal ProgramStart Start(string command, TimeSpan timeout) => new()
    {
        Arguments = options.List(command),
        User = options.TextOrNull("user"),
        Folder = options.TextOrNull("folder") ?? "/",
        Timeout = timeout,
    };
}
