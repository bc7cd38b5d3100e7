using Kedge.Drivers;
using Kedge.Drivers.Manual;
using Kedge.Plan.Contracts;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Tests.Drivers.Manual;

public class StepsForPeople
{
    private readonly ManualDriver driver = new();

    [Fact]
    public void Each_action_of_a_component_stands_and_falls_with_its_instruction()
    {
        var ofComponents = driver.Contract.Actions.Where(a => a.Role is not ActionRole.Custom).ToList();
        Assert.Equal(["fence", "stop", "promote", "start", "switch"], ofComponents.Select(a => a.Name));
        Assert.All(ofComponents, a => Assert.Equal((a.Name, a.Name), (a.OnlyWith, a.Instruction)));
        Assert.All(ofComponents, a => Assert.Contains(driver.Contract.Options, o => o.Name == a.Instruction));
    }

    [Fact]
    public void A_custom_step_has_an_instruction()
    {
        var custom = Assert.Single(driver.Contract.Actions, a => a.Role is ActionRole.Custom);
        Assert.True(Assert.Single(driver.Contract.Custom, o => o.Name == custom.Instruction).Required);
    }

    [Fact]
    public async Task No_program_can_do_what_a_person_must()
    {
        var step = Step(PlanOptions.Of(driver.Contract.Custom, ("instruction", "Call the warehouse.")));
        var action = driver.Actions["confirm"];
        var judgement = await action.JudgeAsync(step, CancellationToken.None);
        Assert.Equal((JudgementKind.NotYet, "a person has to do it and confirm it: Call the warehouse."), (judgement.Kind, judgement.What));
        var error = await Assert.ThrowsAsync<DriverException>(() => action.ActAsync(step, CancellationToken.None));
        Assert.Equal("only a person can do this: Call the warehouse.", error.Message);
        Assert.Equal(JudgementKind.NotYet, (await action.VerifyAsync(step, CancellationToken.None)).Kind);
    }

    [Fact]
    public void A_component_that_nobody_is_told_to_move_is_an_error()
    {
        var id = new ComponentId(new("press"), "machine");
        var component = new Component
        {
            Id = id,
            Title = "Printing press",
            Driver = "manual",
            Needs = [],
            Redundancy = 1,
            Instances =
            [
                new(new(id, new("east")), PlanOptions.Of(driver.Contract.Options, ("stop", "Turn the key to OFF."))),
                new(new(id, new("west")), OptionValues.None),
            ],
        };
        var finding = Assert.Single(driver.Contract.Review(component));
        Assert.Equal((new SiteName("west"), true, "nothing"), (finding.Site!.Value, finding.IsError, finding.Code));
    }

    private static StepContext Step(OptionValues options) => new()
    {
        Instance = null,
        Options = options,
        Kind = RunKind.Failover,
        Run = "run-1",
        From = new("east"),
        To = new("west"),
        Epoch = null,
        LossAccepted = false,
        Rpo = null,
        LastKnown = null,
        Outage = null,
    };
}
