using Kedge.Vault.Format;
using Kedge.Vault.Indexing;
using Xunit;

namespace Kedge.Vault.Tests.Indexing;

public sealed class Claims
{
    [Fact]
    public void Are_given_once_whoever_asks()
    {
        const int threads = 8, blobs = 30_000;
        var names = Enumerable.Range(0, blobs).SelectMany(n => new[] { BlobKind.Data, BlobKind.Tree }.Select(kind => new BlobName(kind, ObjectId.Of(BitConverter.GetBytes(n))))).ToArray();
        var claimed = new ClaimedBlobs();
        var claims = new int[names.Length];
        using var start = new Barrier(threads);
        var all = Enumerable.Range(0, threads).Select(seed => new Thread(() =>
        {
            var order = Enumerable.Range(0, names.Length).ToArray();
            new Random(seed).Shuffle(order);
            start.SignalAndWait();
            foreach (var number in order)
            {
                if (claimed.TryClaim(names[number]))
                {
                    Interlocked.Increment(ref claims[number]);
                }

                Assert.True(claimed.Contains(names[number]));
            }
        })).ToList();
        all.ForEach(t => t.Start());
        all.ForEach(t => t.Join());
        Assert.All(claims, count => Assert.Equal(1, count));
        Assert.False(claimed.Contains(new(BlobKind.Data, ObjectId.Of("nobody's"u8))));
    }
}
