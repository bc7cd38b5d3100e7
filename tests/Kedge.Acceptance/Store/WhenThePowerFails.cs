using System.Text;
using Xunit;

namespace Kedge.Acceptance.Store;

/// <summary>
/// A host's calls are recorded while it appends; then the power fails at several hundred places in the recording, and
/// only what was synced is certain to be left.
/// </summary>
public sealed class WhenThePowerFails : IDisposable
{
    private const int Appends = 300;
    private const int Failures = 400;

    private readonly DirectoryInfo workplace = FastFolder.Create("power");

    public void Dispose() => workplace.Delete(recursive: true);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_the_chain_holds()
    {
        var most = 0;
        await foreach (var (at, acknowledged, faults) in FailAsync("FULL"))
        {
            Assert.True(faults.Count == 0, $"at call {at}: {string.Join("; ", faults)}");
            most = acknowledged;
        }

        Assert.InRange(most, Appends * 9 / 10, Appends);
    }

    /// <summary>The planted bug: what the test above would say of a store that does not sync what it acknowledges.</summary>
    [Theory]
    [InlineData("OFF")]
    [InlineData("NORMAL")]
    public async Task A_store_that_acknowledges_before_it_syncs_is_found_out(string synchronous)
    {
        var found = false;
        await foreach (var (_, _, faults) in FailAsync(synchronous))
        {
            found = faults.Any(fault => fault.Contains("its writer remembers entry"));
            if (found)
            {
                break;
            }
        }

        Assert.True(found);
    }

    private async IAsyncEnumerable<(int At, int Acknowledged, IReadOnlyList<string> Faults)> FailAsync(string synchronous)
    {
        var folder = Path.Combine(workplace.FullName, "store");
        var calls = await IoRecording.OfAsync(workplace.FullName, folder, "append", folder, "7", $"{Appends}", synchronous);
        var random = new Random(20260301);
        var places = Enumerable.Range(0, Failures - 1).Select(_ => random.Next(1, calls.Count + 1)).Append(calls.Count).Order();
        var acknowledging = calls.Single(c => c is { Kind: 'C', Name: "acknowledged" }).Inode;
        var acknowledged = new StringBuilder();
        var disk = new PowerFailure();
        var taken = 0;
        foreach (var place in places)
        {
            for (; taken < place; taken++)
            {
                disk.Take(calls[taken]);
                if (calls[taken] is { Kind: 'W' } mark && mark.Inode == acknowledging)
                {
                    acknowledged.Append(Encoding.ASCII.GetString(mark.Bytes));
                }
            }

            var left = workplace.CreateSubdirectory("left");
            disk.Leave(left.FullName, random.Next(3) / 2.0, random);
            var lines = acknowledged.ToString().Split('\n');
            yield return (place, lines.Length - 1, await FaultsAsync(left.FullName, lines));
            left.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(string folder, IReadOnlyList<string> acknowledged)
    {
        try
        {
            return await WrittenJournal.FaultsAsync(folder, acknowledged);
        }
        catch (Kedge.Store.StoreException unreadable)
        {
            return [unreadable.Message];
        }
    }
}
