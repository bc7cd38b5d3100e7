using Kedge.Vault.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>Whether what a vault whose storage lies gives out is right, or refused.</summary>
internal static class Honesty
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    /// <summary>A digest of what each snapshot restores to.</summary>
    internal static async Task<Dictionary<string, string>> ContentsAsync(string folder)
    {
        await using var vault = await FaultScene.OpenAsync(folder);
        var all = new Dictionary<string, string>();
        foreach (var snapshot in (await SnapshotSurvey.ListAsync(vault, Ends)).Snapshots)
        {
            all[$"{snapshot.Id}"] = await FaultScene.DigestAsync(vault, snapshot.File.Tree);
        }

        return all;
    }

    /// <summary>Demands that each snapshot restores to what it should, or that the restore says what is wrong.</summary>
    /// <returns>How many are right.</returns>
    internal static async Task<int> DemandAsync(string folder, Dictionary<string, string> right, string what)
    {
        await using var vault = await FaultScene.OpenAsync(folder);
        return await DemandAsync(vault, right, what);
    }

    internal static async Task<int> DemandAsync(VaultRepository vault, Dictionary<string, string> right, string what)
    {
        var count = 0;
        foreach (var snapshot in (await SnapshotSurvey.ListAsync(vault, Ends)).Snapshots)
        {
            var id = $"{snapshot.Id}";
            Assert.True(right.ContainsKey(id), $"{what}: snapshot {id[..8]} was never made");
            try
            {
                if (await FaultScene.TryDigestAsync(vault, snapshot.File.Tree) is { } digest)
                {
                    Assert.True(right[id] == digest, $"{what}: snapshot {id[..8]} restores to something else");
                    count++;
                }
            }
            catch (VaultException refusal)
            {
                Assert.True(refusal.Fault is VaultFault.Damaged or VaultFault.NotFound or VaultFault.Unavailable, $"{what}: {refusal}");
            }
        }

        return count;
    }
}
