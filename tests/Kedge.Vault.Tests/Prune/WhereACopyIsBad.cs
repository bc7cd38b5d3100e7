using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Kedge.Vault.Packing;
using Kedge.Vault.Prune;
using Kedge.Vault.Tests.Upkeep;
using Xunit;

namespace Kedge.Vault.Tests.Prune;

/// <summary>
/// The index says that blobs stand in two packs, and one of the copies is bad: it has rotted, or somebody who may only add to
/// the vault has made it up, so that others remove the good one.
/// </summary>
public sealed class WhereACopyIsBad
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_good_one_is_not_given_up(bool instant, bool claimsMarks)
    {
        await using var vault = await UpkeepGround.MakeAsync();
        vault.Write("a", 3_000_000);
        vault.Write("b", 100_000);
        var snapshot = await vault.BackUpAsync();
        await AddBadCopiesAsync(vault, claimsMarks);
        var told = new List<string>();
        for (var day = 0; day < 4; day++)
        {
            await vault.PruneAsync(vault.Vault, new() { Instant = instant, MaxUnused = UnusedLimit.Parse("0"), OnProblem = told.Add });
            vault.Clock.Forward(TimeSpan.FromDays(2));
        }

        Assert.NotEmpty(told);
        await vault.DemandRestoresAsync(snapshot, vault.FilesOf(snapshot));
    }

    [Fact]
    public async Task Good_copies_are_given_up_but_for_one()
    {
        await using var vault = await UpkeepGround.MakeAsync();
        vault.Write("a", 3_000_000);
        var snapshot = await vault.BackUpAsync();
        var packs = (await vault.PacksAsync()).Count;
        await AddGoodCopiesAsync(vault);
        Assert.Equal(2 * packs, (await vault.PacksAsync()).Count);
        for (var day = 0; day < 2; day++)
        {
            await vault.PruneAsync(new() { MaxUnused = UnusedLimit.Parse("0") });
            vault.Clock.Forward(TimeSpan.FromDays(2));
        }

        Assert.Equal(packs, (await vault.PacksAsync()).Count);
        await vault.DemandChecksAsync();
        await vault.DemandRestoresAsync(snapshot, vault.FilesOf(snapshot));
    }

    /// <summary>Each pack once more, with a change in its midst, under a name that comes before its own.</summary>
    /// <param name="claimsMarks">Whether the index says that the others were to be removed long ago.</param>
    private static async Task AddBadCopiesAsync(UpkeepGround vault, bool claimsMarks)
    {
        using var writer = new IndexWriter();
        foreach (var (pack, blobs) in (await vault.Vault.LoadIndexAsync(Ends)).Packs())
        {
            var copy = await File.ReadAllBytesAsync(vault.PathOf(new(ObjectKind.Pack, pack)), Ends);
            var middle = (int)(blobs[0].Offset + (blobs[0].Length / 2));
            do
            {
                BitConverter.TryWriteBytes(copy.AsSpan(middle), BitConverter.ToInt32(copy, middle) + 1);
            }
            while (ObjectId.Of(copy).CompareTo(pack) >= 0);

            await vault.Vault.Backend.SaveAsync(new(ObjectKind.Pack, ObjectId.Of(copy)), copy, Ends);
            writer.AddPack(ObjectId.Of(copy), [.. blobs]);
            if (claimsMarks)
            {
                writer.BeginMarkedPack(pack, GoTime.From(DateTimeOffset.UnixEpoch));
                foreach (var blob in blobs)
                {
                    writer.Blob(blob);
                }

                writer.EndPack();
            }
        }

        await vault.Vault.SaveAsync(ObjectKind.Index, writer.Finish(), Ends);
    }

    /// <summary>All blobs once more, sealed anew, as by two who stored them at the same time.</summary>
    private static async Task AddGoodCopiesAsync(UpkeepGround vault)
    {
        var (index, nothing) = (await vault.Vault.LoadIndexAsync(Ends), new BlobIndex());
        nothing.Seal();
        using var session = new BlobSession(vault.Vault, nothing, 1, null, Ends);
        using var reader = vault.Vault.OpenReader();
        using var writer = new BlobWriter(session);
        foreach (var blob in index.Packs().SelectMany(p => p.Blobs))
        {
            writer.Store(blob.Name.Kind, reader.Read(index, blob.Name, Ends).Span);
        }

        session.Complete(Ends);
    }
}
