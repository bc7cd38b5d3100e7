using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Command;

/// <summary>Runs the plan's commands, with variables that tell them what they are run for.</summary>
internal sealed class Commands(DriverServices services)
{
    /// <summary>A command that only looks has no more time than this.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    internal DriverServices Services => services;

    /// <summary>Runs one that acts. What it leaves running stays. A wrong exit code is a result.</summary>
    internal Task<ProgramResult> ActAsync(CommandSettings settings, string command, StepContext step, string action, CancellationToken cancellation)
    {
        var start = settings.Start(command, settings.Limit);
        return services.Programs.RunAsync(
            start with { Environment = Environment(settings, step, action), KeepsChildren = true }, cancellation);
    }

    /// <summary>Runs <c>verify</c> for a step.</summary>
    internal Task<ProgramResult> VerifyAsync(CommandSettings settings, StepContext step, string action, CancellationToken cancellation) =>
        services.Programs.RunAsync(
            settings.Start("verify", LongestLook) with { Environment = Environment(settings, step, action) }, cancellation);

    /// <summary>Runs <c>verify</c> to see how an instance is.</summary>
    internal Task<ProgramResult> ObserveAsync(CommandSettings settings, InstanceContext instance, CancellationToken cancellation)
    {
        var environment = settings.Secrets.Resolve();
        Describe(environment, instance);
        return services.Programs.RunAsync(settings.Start("verify", LongestLook) with { Environment = environment }, cancellation);
    }

    /// <summary>Runs a check; the token ends it.</summary>
    internal Task<ProgramResult> CheckAsync(CommandSettings settings, CancellationToken cancellation) =>
        services.Programs.RunAsync(
            settings.Start("run", Timeout.InfiniteTimeSpan) with { Environment = settings.Secrets.Resolve() }, cancellation);

    private static Dictionary<string, string> Environment(CommandSettings settings, StepContext step, string action)
    {
        var environment = settings.Secrets.Resolve();
        environment["KEDGE_ACTION"] = action;
        environment["KEDGE_KIND"] = step.Kind.ToString().ToLowerInvariant();
        environment["KEDGE_RUN"] = step.Run;
        environment["KEDGE_FROM"] = step.From.Value;
        environment["KEDGE_TO"] = step.To.Value;
        if (step.Instance is { } instance)
        {
            Describe(environment, instance);
        }

        if (step.Epoch is { } epoch)
        {
            environment["KEDGE_EPOCH"] = $"{epoch}";
        }

        return environment;
    }

    private static void Describe(Dictionary<string, string> environment, InstanceContext instance)
    {
        environment["KEDGE_COMPONENT"] = instance.Id.Component.ToString();
        environment["KEDGE_SITE"] = instance.Id.Site.Value;
    }
}
