using Xunit;

namespace Kedge.Acceptance.Store;

public sealed class WhenProcessesAreKilledWhileAppending : IDisposable
{
    private const int Rounds = 16;

    private readonly DirectoryInfo folder = FastFolder.Create("kill");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Two processes append to one store, and both are killed, in each round: thirty-two kills in all.</summary>
    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_the_chain_holds()
    {
        var random = new Random(20260301);
        var acknowledged = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var one = HostProcess.Start("append", folder.FullName, $"{2 * round}", "100000", "FULL");
            await using var other = HostProcess.Start("append", folder.FullName, $"{(2 * round) + 1}", "100000", "FULL");
            await Task.WhenAll(one.LinesAsync(random.Next(1, 30)), other.LinesAsync(random.Next(1, 30)));
            await Task.Delay(TimeSpan.FromMicroseconds(random.Next(3000)));
            await one.KillAsync();
            await other.KillAsync();
            Assert.All([one, other], host => Assert.Equal(128 + 9, host.ExitCode));

            acknowledged.AddRange([.. one.Lines, .. other.Lines]);
            Assert.Empty(await WrittenJournal.FaultsAsync(folder.FullName, acknowledged));
        }
    }
}
