using System.Text.RegularExpressions;
using Kedge.Drivers;
using Kedge.Plan.Contracts;
using Xunit;

namespace Kedge.Acceptance.Drivers;

/// <summary>
/// What every driver promises (see <see cref="IDriver"/> and <see cref="IDriverAction"/>). A driver's test derives from
/// this, sets up a real world for each action, and inherits the tests.
/// </summary>
public abstract partial class DriverPromises : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The moments, in milliseconds, at which an act is cut off.</summary>
    /// <summary>Milliseconds after which an act is cut off: a sample, and all.</summary>
    private static readonly int[] SomeCuts = [3, 100];
    private static readonly int[] AllCuts = [0, 1, 3, 10, 30, 100, 300];

    protected abstract IDriver Driver { get; }

    /// <summary>Makes a world, or changes the last one, such that the action's effect is wanting and can be had.</summary>
    protected abstract Task<StepContext> PrepareAsync(string action);

    /// <summary>
    /// Everything in which an effect would show, as text: files, records, which processes there are. Without what changes
    /// by itself.
    /// </summary>
    protected abstract Task<string> WorldAsync();

    /// <summary>Steps that could not succeed, each with a word that the preflight's finding must contain.</summary>
    protected abstract IAsyncEnumerable<(string Action, StepContext Step, string Names)> BrokenAsync();

    /// <summary>A secret that the worlds use; it must never be shown. Null where the driver has none.</summary>
    protected virtual string? Secret => null;

    /// <summary>Actions whose effect can be observed; others are done once they have been acted.</summary>
    protected virtual bool IsObservable(string action) => true;

    /// <summary>As the contract says; where the plan's options say it, as those of <see cref="PrepareAsync"/> do.</summary>
    protected virtual bool IsSafeToRepeat(string action) => Driver.Contract.Find(action)!.SafeToRepeat;

    /// <summary>True where an act can be cut off in the middle, with an outcome that has to be found out.</summary>
    protected virtual bool CanBeCutOff => true;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public abstract ValueTask DisposeAsync();

    [Fact]
    public void Its_contract_is_the_same_each_time_and_agrees_with_itself()
    {
        var contract = Driver.Contract;
        Assert.Same(contract, Driver.Contract);
        Assert.Equal(contract.Actions.Select(a => a.Name).Order(), Driver.Actions.Keys.Order());
        Assert.Equal(contract.Checks.Count > 0, Driver is IChecker);
        Assert.Equal(contract.Custom.Count > 0, contract.Actions.Any(a => a.Role is ActionRole.Custom));
        foreach (var specs in new[] { contract.Options, contract.Checks, contract.Custom })
        {
            Assert.Equal(specs.Count, specs.Select(s => s.Name).Distinct().Count());
            Assert.All(specs, s => Assert.Matches(OptionName(), s.Name));
            Assert.All(specs, s => Assert.EndsWith(".", s.Help, StringComparison.Ordinal));
            Assert.All(specs, s => Assert.Equal(s.Type is OptionType.Choice, s.Choices.Count > 0));
        }

        foreach (var action in contract.Actions)
        {
            var options = (action.Role is ActionRole.Custom ? contract.Custom : contract.Options).ToDictionary(o => o.Name, o => o.Type);
            Assert.All(new[] { action.OnlyWith, action.SettlesAfter, action.TimeoutFrom, action.SafeToRepeatWith, action.Instruction }
                .OfType<string>(), named => Assert.Contains(named, options.Keys));
            Assert.All(new[] { action.SettlesAfter, action.TimeoutFrom }.OfType<string>(), named => Assert.Equal(OptionType.Duration, options[named]));
            Assert.True(action.SafeToRepeatWith is null || !action.SafeToRepeat, $"{action.Name} is safe to repeat in any case");
            Assert.NotEmpty(action.Kinds);
            Assert.InRange(action.Attempts, 1, 10);
            Assert.InRange(action.Estimate, TimeSpan.Zero, action.Timeout);
        }
    }

    [Fact]
    public async Task Looking_changes_nothing()
    {
        foreach (var name in Names)
        {
            var action = Driver.Actions[name];
            var step = await PrepareAsync(name);
            var before = await WorldAsync();
            for (var i = 0; i < 2; i++)
            {
                if (step.Instance is { } instance)
                {
                    NotTelling((await Driver.ObserveAsync(instance, Cancellation)).Summary);
                }

                NotTelling((await action.JudgeAsync(step, Cancellation)).What);
                if (IsObservable(name))
                {
                    NotTelling((await action.VerifyAsync(step, Cancellation)).What);
                }

                Assert.All(await action.PreflightAsync(step, Cancellation), f => NotTelling(f.What));
            }

            Assert.Equal(before, await WorldAsync());
        }
    }

    [Fact]
    public async Task What_does_not_change_by_itself_is_the_same_at_each_look()
    {
        foreach (var name in Names)
        {
            if ((await PrepareAsync(name)).Instance is { } instance)
            {
                var facts = (await Driver.ObserveAsync(instance, Cancellation)).Facts;
                Assert.Equal(facts, (await Driver.ObserveAsync(instance, Cancellation)).Facts);
            }
        }
    }

    [Fact]
    public async Task Verify_fails_while_the_effect_is_missing()
    {
        foreach (var name in Names.Where(IsObservable))
        {
            var step = await PrepareAsync(name);
            Assert.True((await Driver.Actions[name].JudgeAsync(step, Cancellation)).Kind is JudgementKind.NotYet, $"{name} judged");
            Assert.True((await Driver.Actions[name].VerifyAsync(step, Cancellation)).Kind is JudgementKind.NotYet, $"{name} verified");
        }
    }

    [Fact]
    public async Task An_act_has_an_effect_that_can_be_observed()
    {
        foreach (var name in Names)
        {
            var step = await PrepareAsync(name);
            var report = await Driver.Actions[name].ActAsync(step, Cancellation);
            Assert.DoesNotContain('\n', report);
            NotTelling(report);
            await VerifiedAsync(name, step);
        }
    }

    [Fact]
    public async Task Acting_twice_is_acting_once_where_it_is_safe_to_repeat()
    {
        foreach (var name in Names.Where(IsSafeToRepeat))
        {
            var step = await PrepareAsync(name);
            await Driver.Actions[name].ActAsync(step, Cancellation);
            await VerifiedAsync(name, step);
            var once = await WorldAsync();
            await Driver.Actions[name].ActAsync(step, Cancellation);
            await VerifiedAsync(name, step);
            Assert.Equal(once, await WorldAsync());
        }
    }

    [Fact]
    public Task Where_an_act_is_cut_off_judge_can_name_what_is_there() => CutOffAfterAsync(SomeCuts);

    [Fact]
    [Trait("size", "long")]
    public Task Wherever_an_act_is_cut_off_judge_can_name_what_is_there() => CutOffAfterAsync(AllCuts);

    private async Task CutOffAfterAsync(int[] cuts)
    {
        Assert.SkipUnless(CanBeCutOff, "its acts cannot be cut off half way");
        foreach (var name in Names.Where(IsObservable))
        {
            foreach (var cut in cuts)
            {
                var step = await PrepareAsync(name);
                await CutOffAsync(name, step, cut);
                var seen = await Driver.Actions[name].JudgeAsync(step, Cancellation);
                Assert.True(seen.Kind is not JudgementKind.Impossible, $"{name}, cut off after {cut} ms: {seen.What}");
                if (seen.Kind is JudgementKind.NotYet && IsSafeToRepeat(name))
                {
                    await Driver.Actions[name].ActAsync(step, Cancellation);
                }

                if (seen.Kind is JudgementKind.Done || IsSafeToRepeat(name))
                {
                    await VerifiedAsync(name, step);
                }
            }
        }
    }

    [Fact]
    public async Task Preflight_finds_no_fault_where_there_is_none()
    {
        foreach (var name in Names)
        {
            Assert.All(await Driver.Actions[name].PreflightAsync(await PrepareAsync(name), Cancellation), f => Assert.True(f.Ok, $"{name}: {f.What}"));
        }
    }

    [Fact]
    public async Task Preflight_names_what_is_missing_and_what_to_do()
    {
        await foreach (var (name, step, names) in BrokenAsync())
        {
            var findings = await Driver.Actions[name].PreflightAsync(step, Cancellation);
            Assert.Contains(findings, f => !f.Ok && f.What.Contains(names, StringComparison.Ordinal) && f.Fix is { Length: > 0 });
            Assert.All(findings, f => NotTelling(f.What + f.Fix));
        }
    }

    [Fact]
    public async Task What_could_not_succeed_fails_with_a_remedy_and_is_observed_without_a_throw()
    {
        await foreach (var (name, step, _) in BrokenAsync())
        {
            if (step.Instance is { } instance)
            {
                var seen = await Driver.ObserveAsync(instance, Cancellation);
                Assert.NotEqual(InstanceState.Running, seen.State);
                NotTelling(seen.Summary);
            }

            var failure = await Assert.ThrowsAsync<DriverException>(() => Driver.Actions[name].ActAsync(step, Cancellation));
            Assert.False(string.IsNullOrWhiteSpace(failure.Hint), $"{name}: '{failure.Message}' has no hint");
            NotTelling(failure.ToString());
        }
    }

    /// <summary>One name for each action: the same one may stand at several places of a recovery plan.</summary>
    private IEnumerable<string> Names => Driver.Actions.DistinctBy(a => a.Value).Select(a => a.Key);

    private async Task CutOffAsync(string name, StepContext step, int milliseconds)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        cut.CancelAfter(milliseconds);
        try
        {
            await Driver.Actions[name].ActAsync(step, cut.Token);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            // As intended; or the act was faster, which is as well.
        }
        catch (DriverException failure)
        {
            Assert.True(cut.IsCancellationRequested && failure.OutcomeUnknown, $"{name}, cut off after {milliseconds} ms: {failure.Message}");
        }
    }

    private async Task VerifiedAsync(string name, StepContext step)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await Driver.Actions[name].VerifyAsync(step, Cancellation);
            NotTelling(seen.What);
            if (seen.Kind is JudgementKind.Done)
            {
                Assert.True(!IsObservable(name)
                    || (await Driver.Actions[name].JudgeAsync(step, Cancellation)).Kind is JudgementKind.Done, $"{name} is verified, yet not judged done");
                return;
            }

            Assert.True(seen.Kind is JudgementKind.NotYet && TimeProvider.System.GetElapsedTime(began) < Patience, $"{name} was never done: {seen.What}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }
    }

    private void NotTelling(string text) =>
        Assert.True(Secret is null || !text.Contains(Secret, StringComparison.Ordinal), $"the secret is shown: {text}");

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex OptionName();
}
