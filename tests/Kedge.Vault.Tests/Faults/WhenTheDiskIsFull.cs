using System.Text;
using Kedge.Acceptance.Store;
using Kedge.Vault.Restore;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>A vault, or what is restored, stands on a disk that fills up.</summary>
public sealed class WhenTheDiskIsFull(ITestOutputHelper output)
{
    private const int Seed = 1_000;
    private const int Block = 4096;

    /// <summary>How many blocks are left when something begins.</summary>
    private static readonly int[] Rooms = [0, 1, 3, 8, 21, 34, 89, 144];

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("backup")]
    [InlineData("copy")]
    [InlineData("forget")]
    [InlineData("prune")]
    [InlineData("instant prune")]
    [InlineData("repair")]
    public async Task It_is_said_nothing_is_lost_no_lock_stays_and_it_goes_on_once_there_is_room(string verb)
    {
        using var disk = new SmallDisk(16 << 20);
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = Path.Join(disk.Folder, "vault");
        var original = await scene.CopyAsync();
        (await Programs.RunAsync("/bin/cp", ["-a", original, folder], new Dictionary<string, string?>(), Ends)).Succeeded();
        var acknowledged = (await FaultScene.SnapshotsAsync(folder)).ToHashSet();
        var refusals = 0;
        foreach (var room in Rooms)
        {
            disk.Fill();
            LeaveRoom(disk, room);
            try
            {
                await scene.DoAsync(verb, folder, acknowledged);
            }
            catch (VaultException refusal)
            {
                refusals++;
                Assert.True(refusal.Fault == VaultFault.NoSpace, $"{verb} with {room} blocks: {refusal}");
                Assert.NotNull(refusal.Hint);
            }

            Assert.Empty(Directory.EnumerateFiles(Path.Join(folder, "locks")));
            await scene.DemandSoundAsync(folder, acknowledged, $"{verb} with room for {room} blocks (seed {Seed})");
        }

        disk.MakeRoom();
        await scene.DoAsync(verb, folder, acknowledged);
        await scene.DemandSoundAsync(folder, acknowledged, $"{verb} once there was room (seed {Seed})");
        await FaultScene.DemandResticIsContentAsync(folder, readData: true, verb);
        Assert.True(refusals > 0, "the disk was never full");
        output.WriteLine($"{verb}: {refusals} of {Rooms.Length} did not fit");
    }

    [Fact]
    public async Task A_restore_ends_says_so_and_goes_on_once_there_is_room()
    {
        using var disk = new SmallDisk(4 << 20);
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        await using var vault = await FaultScene.OpenAsync(folder);
        var snapshot = (await SnapshotSurvey.ListAsync(vault, Ends)).Snapshots[0];
        var target = Path.Join(disk.Folder, "restored");
        disk.Fill();
        LeaveRoom(disk, 40);
        var problems = 0;
        var wanted = new RestoreWanted { Tree = snapshot.File.Tree, Target = Encoding.UTF8.GetBytes(target), Overwrite = Overwrite.IfChanged, OnProblem = _ => Interlocked.Increment(ref problems) };
        var refusal = await Assert.ThrowsAsync<VaultException>(async () => await VaultRestore.RunAsync(vault, await vault.LoadIndexAsync(Ends), wanted, Ends));
        Assert.Equal(VaultFault.NoSpace, refusal.Fault);
        Assert.NotNull(refusal.Hint);

        disk.MakeRoom();
        await VaultRestore.RunAsync(vault, await vault.LoadIndexAsync(Ends), wanted, Ends);
        Assert.Equal(await FaultScene.DigestAsync(vault, snapshot.File.Tree), await FaultScene.DigestOfAsync(target));
        Assert.Equal(0, problems);
    }

    private static void LeaveRoom(SmallDisk disk, int blocks)
    {
        if (blocks > 0)
        {
            using var filling = File.OpenWrite(Path.Join(disk.Folder, "filling"));
            filling.SetLength(Math.Max(0, filling.Length - (blocks * Block)));
        }
    }
}
