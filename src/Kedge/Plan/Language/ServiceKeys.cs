namespace Kedge.Plan.Language;

/// <summary>Keys of a service.</summary>
internal static class ServiceKeys
{
    public static readonly PlanKey Title = new("title", new TextShape(), "The service's name for people.") { DefaultInWords = "the name" };

    public static readonly PlanKey Primary = new("primary", new NameShape("site"), "The site that is active normally.") { Required = true };

    public static readonly PlanKey Recovery = new(
        "recovery", new ListShape(new NameShape("site"), Min: 1), "Sites where it may be recovered, the preferred first.")
    {
        DefaultInWords = "`recovered-by` of the primary site",
    };

    public static readonly PlanKey Objectives = new("objectives", ObjectivesKeys.Shape, "What the business demands.");

    public static readonly PlanKey Needs = new(
        "needs", new ListShape(new NameShape("service"), Min: 0), "Other services that must serve before this one can.")
    {
        Example = "[catalogue]",
    };

    public static readonly PlanKey Decision = new("decision", DecisionKeys.Shape, "The service's own decision rule.")
    {
        DefaultInWords = "the plan's",
    };

    public static readonly PlanKey CommitAfter = new(
        "commit-after", new DurationShape(TimeSpan.Zero),
        "A failover that was not rolled back is committed by itself after this time. Until then the way back stays open, and protection is not rebuilt.")
    {
        DefaultInWords = "an operator commits",
        Example = "1h",
    };

    public static readonly PlanKey Components = new(
        "components", new NamedShape("component", ComponentKeys.Shape, Min: 1), "Its parts, by name.")
    {
        Required = true,
    };

    public static readonly PlanKey Checks = new("checks", new NamedShape("check", CheckKeys.Shape, Min: 0), "Its end-to-end tests, by name.");

    public static readonly PlanKey Steps = new(
        "steps", new ListShape(StepKeys.Shape, Min: 0), "Steps of the plan's own, before or after a phase of a run, in this order.");

    public static readonly MappingShape Shape = new(
        "service", "a service", "A line of business: what a customer would miss.",
        [Title, Primary, Recovery, Objectives, Needs, Decision, CommitAfter, Components, Checks, Steps]);
}

/// <summary>Keys of a service's objectives.</summary>
internal static class ObjectivesKeys
{
    public static readonly PlanKey Rto = new(
        "rto", new DurationShape(TimeSpan.Zero), "Recovery time objective: the longest tolerable time from outage to recovery, decision included.");

    public static readonly PlanKey Rpo = new(
        "rpo", new DurationShape(TimeSpan.Zero), "Recovery point objective: the longest tolerable loss of data, in time.");

    public static readonly PlanKey Mtd = new(
        "mtd", new DurationShape(TimeSpan.Zero), "Maximum tolerable disruption: the time after which the business does not recover.");

    public static readonly PlanKey Availability = new("availability", new ShareShape(), "Share of time in which the service serves.")
    {
        Example = "99.9%",
    };

    public static readonly MappingShape Shape = new(
        "objectives", "objectives", "What the business demands. What is not set is not measured against; that is not the same as zero.",
        [Rto, Rpo, Mtd, Availability]);
}

/// <summary>Keys of a component.</summary>
internal static class ComponentKeys
{
    public static readonly PlanKey Title = new("title", new TextShape(), "The component's name for people.") { DefaultInWords = "the name" };

    public static readonly PlanKey Driver = new("driver", new TextShape(), "The kind of component: which driver observes and changes it.")
    {
        Required = true,
    };

    public static readonly PlanKey Needs = new(
        "needs", new ListShape(new NeedShape(), Min: 0),
        "Components of this service that must run first at the same site; with `across-sites` it reaches the other at whichever site that is active.")
    {
        Example = "[database]",
    };

    public static readonly PlanKey Redundancy = new(
        "redundancy", new IntegerShape(1, 1000), "Units at one site: 1 is none to spare, 2 is N+1.")
    {
        Default = "1",
    };

    public static readonly PlanKey Options = new("options", new OptionsShape(OptionUse.Component), "The driver's options for every instance.");

    public static readonly PlanKey At = new(
        "at", new NamedShape("site", new OptionsShape(OptionUse.Component), Min: 1),
        "One instance per site, by the site's name: the driver's options there, each in place of the one above.")
    {
        Required = true,
    };

    public static readonly MappingShape Shape = new(
        "component", "a component", "A part of a service that is recovered as one: a database, an application, a DNS record.",
        [Title, Driver, Needs, Redundancy, Options, At]);
}

/// <summary>Keys of a check.</summary>
internal static class CheckKeys
{
    public static readonly PlanKey Driver = new("driver", new TextShape(), "The driver that makes the check.") { Required = true };

    public static readonly PlanKey Every = new("every", new DurationShape(TimeSpan.FromMilliseconds(50)), "Time from one check to the next.")
    {
        Default = "5s",
    };

    public static readonly PlanKey Timeout = new(
        "timeout", new DurationShape(TimeSpan.FromMilliseconds(10)), "A check that takes longer has failed.")
    {
        Default = "5s",
    };

    public static readonly PlanKey Confirmations = new(
        "confirmations", new IntegerShape(0, 100), "Failures that must follow the first before the service counts as down.")
    {
        Default = "2",
    };

    public static readonly PlanKey ConfirmEvery = new(
        "confirm-every", new DurationShape(TimeSpan.FromMilliseconds(10)), "Time between a failure and the check that is to confirm it.")
    {
        Default = "1s",
    };

    public static readonly PlanKey Options = new("options", new OptionsShape(OptionUse.Check), "The driver's options for every site.");

    public static readonly PlanKey At = new(
        "at", new NamedShape("site", new OptionsShape(OptionUse.Check), Min: 1),
        "The driver's options at each site, each in place of the one above.")
    {
        DefaultInWords = "every site of the service",
    };

    public static readonly MappingShape Shape = new(
        "check", "a check", "An end-to-end test of the service, made against its active and its recovery sites.",
        [Driver, Every, Timeout, Confirmations, ConfirmEvery, Options, At]);
}

/// <summary>Keys of a step of the plan's own.</summary>
internal static class StepKeys
{
    public static readonly PlanKey Name = new("name", new NameShape("step"), "The step's name.") { Required = true };

    public static readonly PlanKey Before = new(
        "before", new ChoiceShape(PlanWords.Phases.Words), "The phase that it comes before. Either this or `after`.");

    public static readonly PlanKey After = new(
        "after", new ChoiceShape(PlanWords.Phases.Words), "The phase that it comes after. Either this or `before`.");

    public static readonly PlanKey On = new(
        "on", new ListShape(new ChoiceShape(PlanWords.RunKinds.Words), Min: 1), "Kinds of run that include it.")
    {
        Required = true,
        Example = "[failover, switchover]",
    };

    public static readonly PlanKey Driver = new("driver", new TextShape(), "The driver that does it: a command, a call, a person.")
    {
        Required = true,
    };

    public static readonly PlanKey Options = new("options", new OptionsShape(OptionUse.Step), "The driver's options.");

    public static readonly MappingShape Shape = new(
        "step", "a step", "A step of the plan's own, before or after a phase of a run.", [Name, Before, After, On, Driver, Options]);
}
