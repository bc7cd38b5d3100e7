using Kedge.Plan;
using Kedge.Plan.Contracts;
using Xunit;

namespace Kedge.Tests.Plan;

public class WhenAContractContradictsItself
{
    [Theory]
    [InlineData(OptionType.Duration, "5")]
    [InlineData(OptionType.Integer, "many")]
    [InlineData(OptionType.Choice, "neither")]
    [InlineData(OptionType.List, "[a]")]
    public void No_reader_is_made_of_it(OptionType type, string preset)
    {
        var contract = SampleContracts.All[0] with
        {
            Options = [new() { Name = "wrong", Type = type, Help = "Wrong.", Default = preset, Choices = ["this", "that"] }],
        };

        Assert.Contains("'wrong'", Assert.Throws<ArgumentException>(() => new PlanReader([contract])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_of_one_whose_action_names_an_option_that_is_not_there()
    {
        var contract = SampleContracts.All.Single(c => c.Kind == "dns");
        contract = contract with { Actions = [.. contract.Actions.Select(a => a with { SettlesAfter = "patience" })] };

        Assert.Contains("'patience'", Assert.Throws<ArgumentException>(() => new PlanReader([contract])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_drivers_that_Kedge_comes_with_do_not() => Assert.NotNull(new PlanReader(KnownContracts.All));
}
