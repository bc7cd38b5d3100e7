using Kedge.Plan;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.Plan;

public class TheReference
{
    [Fact]
    public void Is_as_the_language_and_the_drivers_are_now() =>
        GoldenFile.MatchesFile(PlanReference.Write(KnownContracts.Registered), Path.Combine(Repository.Root, "docs", "plan-reference.md"));
}
