using System.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Nodes;
using Kedge.Plan;
using Kedge.Plan.Model;

namespace Kedge.CommandLine;

/// <summary>One command as it was given.</summary>
internal sealed class Invocation
{
    private readonly ParseResult parsed;

    public Invocation(CommandHost host, GlobalOptions globals, ParseResult parsed)
    {
        (Host, this.parsed) = (host, parsed);
        Terminal = new(host, parsed.GetValue(globals.Json), host.Colour && !parsed.GetValue(globals.NoColor));
        Location = PlanLocation.Find(parsed.GetValue(globals.Plan), parsed.GetValue(globals.State), host.Folder, host.Environment);
        GivenPlan = parsed.GetValue(globals.Plan);
        Who = parsed.GetValue(globals.As) is { Length: > 0 } who ? who : host.Login;
    }

    public CommandHost Host { get; }

    public Terminal Terminal { get; }

    public PlanLocation Location { get; }

    /// <summary>What <c>--plan</c> says; null where it was not given.</summary>
    public string? GivenPlan { get; }

    public string Who { get; }

    public DateTimeOffset Now => Host.Time.GetUtcNow();

    public TimeZoneInfo Zone => Host.Time.LocalTimeZone;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>The plan on disk with all that is wrong with it; null where there is none.</summary>
    public PlanReading? ReadPlan() => Location.Plan is { } path
        ? new PlanReader(ControlPlane.Contracts).Read([.. PlanFiles.Load(path).Select(Shortened)])
        : null;

    /// <summary>The plan on disk, valid; throws <see cref="VerbException"/> where it is not.</summary>
    public KedgePlan RequirePlan()
    {
        var reading = ReadPlan() ?? throw NoPlan();
        return reading.Plan ?? throw Invalid(reading);
    }

    public static VerbException NoPlan() => new(
        ExitCodes.PlanInvalid, "there is no plan here or in a folder above", "name it with --plan PATH, or write a first one: kedge init");

    public static VerbException Invalid(PlanReading reading)
    {
        var errors = reading.Problems.Where(p => p.IsError).ToList();
        return new(
            ExitCodes.PlanInvalid,
            errors.Count == 1 ? $"the plan has an error: {errors[0]}" : $"the plan has {errors.Count} errors; the first: {errors[0]}",
            "see them all: kedge validate");
    }

    /// <summary>
    /// Opens the state and works on it, on a thread of its own as nodes do. With <paramref name="create"/> false a state
    /// that does not exist yet is told, not made.
    /// </summary>
    public Task<int> WithPlane(
        bool create, Func<ControlPlane, CancellationToken, Task<int>> work, CancellationToken cancellation, string? nodeName = null)
    {
        if (!create && !File.Exists(Path.Combine(Location.State, "kedge.db")))
        {
            throw new VerbException(
                ExitCodes.NothingToDo, $"there is no state in {Location.State} yet: nothing was ever done with this plan", "start with: kedge status, or kedge node");
        }

        var settings = new ControlSettings { StateFolder = Location.State, Who = Who, NodeName = nodeName ?? Environment.MachineName, Time = Host.Time };
        var code = NodeContext.Run(async () =>
        {
            await using var plane = await ControlPlane.OpenAsync(settings, cancellation);
            return await work(plane, cancellation);
        });
        return Task.FromResult(code);
    }

    /// <summary>People are told of files as they would name them.</summary>
    private PlanSource Shortened(PlanSource source)
    {
        var relative = Path.GetRelativePath(Host.Folder, source.File);
        var name = relative.StartsWith("..", StringComparison.Ordinal) ? source.File : relative;
        return source with { File = name, Unreadable = source.Unreadable is { } problem ? problem with { File = name } : null };
    }
}
