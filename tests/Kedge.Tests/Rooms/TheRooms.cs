using System.Runtime.CompilerServices;
using Xunit;

namespace Kedge.Tests.Rooms;

public class TheRooms
{
    private const int MostLines = 500;
    private const int MostReadmeLines = 30;

    [Fact]
    public void Use_each_other_only_as_the_table_allows() =>
        Assert.Empty(new RoomRules(typeof(Kedge.Plan.Model.KedgePlan).Assembly.Location).Violations());

    [Fact]
    public void Are_seen_to_fail_once_for_each_rule_on_a_fixture_that_breaks_them()
    {
        var fixture = Path.Combine(AppContext.BaseDirectory, "Kedge.RoomFixture.dll");
        Assert.Equal(
            [
                "Kedge.Decide.IncidentHelper ends in 'Helper', which does not say what it is for",
                "Kedge.Demo.Shortcut -> Kedge.Store.Shelf: Demo may not use Store",
                "Kedge.Drivers.Dns.Curious -> Kedge.Drivers.PostgreSql.Replica: drivers do not know each other",
                "Kedge.Journal.Plan bears the name of a room",
                "Kedge.Nodes.Nosy reaches past the door of Recover: Kedge.Recover.Secretive is internal",
                "Kedge.Plan.Leaky -> Kedge.Recover.Recovery: Plan may not use Recover",
                "Kedge.Watch.Thirsty uses Npgsql, which belongs to Drivers.PostgreSql and Demo",
                "Kedge.Watch.TooConcrete -> Kedge.Drivers.PostgreSql.Replica: Watch may not use Drivers.PostgreSql",
            ],
            new RoomRules(fixture).Violations());
    }

    [Fact]
    public void Open_with_a_short_README()
    {
        var rooms = RoomTable.Directions.Keys.Where(r => r.Length > 0);
        Assert.All(rooms, room =>
        {
            var readme = Path.Combine(Source(), room, "README.md");
            Assert.True(File.Exists(readme), $"{room} has no README.md");
            Assert.InRange(File.ReadLines(readme).Count(), 1, MostReadmeLines);
        });
    }

    [Fact]
    public void Hold_no_file_that_is_too_long_to_have_one_job() => Assert.Empty(
        from file in Directory.EnumerateFiles(Source(), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        where File.ReadLines(file).Count() > MostLines
        select Path.GetRelativePath(Source(), file));

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/Kedge"));
}
