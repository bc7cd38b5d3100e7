using Kedge.Demo.World;
using Xunit;

namespace Kedge.Tests.Demo;

public sealed class WorldsThatAreLeft : IDisposable
{
    private readonly string folder = WorldFolder.Create();

    public WorldsThatAreLeft() => Directory.CreateDirectory(Path.Join(folder, "secrets"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Are_found_once_nobody_plays_in_them()
    {
        Assert.DoesNotContain(folder, WorldFolder.FindLeft());
        WorldFolder.Leave(folder);
        Assert.Contains(folder, WorldFolder.FindLeft());
    }

    [Fact]
    public void Are_found_when_their_player_was_killed()
    {
        File.WriteAllText(Path.Join(folder, "player"), $"{Environment.ProcessId} 1");
        Assert.Contains(folder, WorldFolder.FindLeft());
    }
}
