using Kedge.Drivers.Programs;
using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Command;

/// <summary>Commands of the plan's own: actions of a component, steps, checks. Argument vectors only, no shell.</summary>
public sealed class CommandDriver : IDriver, IChecker
{
    private readonly Commands commands;
    private readonly ProgramDigests digests = new();

    public CommandDriver(DriverServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        commands = new(services);
        Actions = new CommandAction[]
        {
            new(commands, "promote", "promote", CommandAction.Active),
            new(commands, "start", "start", CommandAction.Active),
            new(commands, "stop", "stop", CommandAction.Inactive),
            new(commands, "fence", "fence", CommandAction.Inactive),
            new(commands, "switch", "switch", CommandAction.Active),
            new(commands, "resume", "start", CommandAction.Active),
            new(commands, "make-dormant", "stop", CommandAction.Inactive),
            new(commands, "run", "run", CommandAction.Active),
        }.ToDictionary(a => a.Name, IDriverAction (a) => a);
    }

    public DriverContract Contract => CommandContract.Contract;

    public IReadOnlyDictionary<string, IDriverAction> Actions { get; }

    public async Task<InstanceObservation> ObserveAsync(InstanceContext instance, CancellationToken cancellation)
    {
        var settings = new CommandSettings(instance.Options, commands.Services.Secrets);
        var facts = new Dictionary<string, string>(Contract.Options
            .Where(o => o.Type is OptionType.List && settings.Has(o.Name))
            .SelectMany(o => digests.Facts(o.Name, settings.Start(o.Name, default))));
        if (!settings.HasVerify)
        {
            return new() { State = InstanceState.Unknown, Summary = "no verify command tells how it is", Facts = facts };
        }

        try
        {
            var result = await commands.ObserveAsync(settings, instance, cancellation);
            return new()
            {
                State = (result.Signal, result.ExitCode) switch
                {
                    (null, CommandAction.Active) => InstanceState.Running,
                    (null, CommandAction.Inactive) => InstanceState.Stopped,
                    _ => InstanceState.Unknown,
                },
                Summary = $"verify: {CommandReport.Of(result, settings.Secrets)}",
                Facts = facts,
            };
        }
        catch (DriverException e)
        {
            return new() { State = InstanceState.Unknown, Summary = e.Message, Facts = facts };
        }
    }

    public async Task<CheckResult> CheckAsync(OptionValues options, CancellationToken cancellation)
    {
        var settings = new CommandSettings(options, commands.Services.Secrets);
        try
        {
            var result = await commands.CheckAsync(settings, cancellation);
            return new(result.ExitCode == settings.ExpectedExit && result.Signal is null, CommandReport.Of(result, settings.Secrets));
        }
        catch (DriverException e)
        {
            return new(false, e.Message);
        }
    }

    public string? GuardFolder(InstanceContext instance) => null;
}
