using Kedge.Drivers.Programs;

namespace Kedge.Drivers.Command;

/// <summary>Runs one command of the plan, and goes by <c>verify</c> where there is one.</summary>
/// <param name="action">As the contract names it.</param>
/// <param name="command">The option that holds the command.</param>
/// <param name="effect">The exit code of <c>verify</c> by which the effect is there.</param>
internal sealed class CommandAction(Commands commands, string action, string command, int effect) : IDriverAction
{
    internal const int Active = 0;

    /// <summary>"Program is not running" (Linux Standard Base, status of an init script).</summary>
    internal const int Inactive = 3;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider time = commands.Services.Time;

    internal string Name => action;

    public async Task<Judgement> JudgeAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = SettingsOf(step);
        return settings.HasVerify
            ? await LookAsync(settings, step, cancellation)
            : Judgement.NotYet("no verify command tells whether it was done");
    }

    public async Task<string> ActAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = SettingsOf(step);
        var result = await commands.ActAsync(settings, command, step, action, cancellation);
        var report = CommandReport.Of(result, settings.Secrets);
        if (result.ExitCode != settings.ExpectedExit || result.Signal is not null)
        {
            throw new DriverException(
                $"'{settings.Start(command, default).Arguments[0]}' failed: {report}",
                "look at what it did, mend it, then retry the step or skip it",
                outcomeUnknown: !settings.SafeToRepeat);
        }

        // Waited for here and not only by VerifyAsync: until the effect is seen, the outcome of what may not be safe to
        // repeat is unknown, and must be taken for unknown if time runs out.
        while (settings.HasVerify)
        {
            var seen = await LookAsync(settings, step, cancellation);
            if (seen.Kind is JudgementKind.Done)
            {
                return $"{report}; {seen.What}";
            }

            if (seen.Kind is JudgementKind.Impossible)
            {
                throw new DriverException(seen.What, seen.Hint, outcomeUnknown: true);
            }

            await Task.Delay(LookEvery, time, cancellation);
        }

        return report;
    }

    /// <summary>Without a verify command, the act itself was all the verification there can be: it fails unless the exit code is right.</summary>
    public async Task<Judgement> VerifyAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = SettingsOf(step);
        return settings.HasVerify
            ? await LookAsync(settings, step, cancellation)
            : Judgement.Done($"it ended with exit code {settings.ExpectedExit}; no verify command tells more");
    }

    public Task<IReadOnlyList<PreflightFinding>> PreflightAsync(StepContext step, CancellationToken cancellation)
    {
        var settings = SettingsOf(step);
        var vectors = settings.HasVerify ? new[] { command, "verify" } : [command];
        return Task.FromResult<IReadOnlyList<PreflightFinding>>(
        [
            .. vectors.Select(v => ProgramFinder.Preflight(settings.Start(v, default))),
            .. settings.Secrets.Preflight(),
        ]);
    }

    private CommandSettings SettingsOf(StepContext step) => new(step.Options, commands.Services.Secrets);

    private async Task<Judgement> LookAsync(CommandSettings settings, StepContext step, CancellationToken cancellation)
    {
        ProgramResult result;
        try
        {
            result = await commands.VerifyAsync(settings, step, action, cancellation);
        }
        catch (DriverException e) when (e.OutcomeUnknown)
        {
            return Judgement.NotYet(e.Message);
        }
        catch (DriverException e)
        {
            return Judgement.Impossible(e.Message, e.Hint ?? "mend the verify command");
        }

        var what = $"verify: {CommandReport.Of(result, settings.Secrets)}";
        return result.ExitCode == effect && result.Signal is null ? Judgement.Done(what) : Judgement.NotYet(what);
    }
}
