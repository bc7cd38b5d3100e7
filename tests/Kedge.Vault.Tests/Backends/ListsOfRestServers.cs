using System.Text;
using Kedge.Vault.Backends.Http;
using Kedge.Vault.Backends.Rest;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class ListsOfRestServers
{
    private static readonly string One = new('1', 64);
    private static readonly string Two = new('2', 64);

    [Theory]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("""[{"name":"ONE","size":5},{"size":6,"name":"TWO"}]""", "1:5 2:6")]
    [InlineData("""["ONE","TWO","config"]""", "1: 2:")]
    [InlineData("""[{"name":"ONE","size":5,"more":{"name":"TWO","size":[7]}},{"name":"tmp","size":1},{"size":9}]""", "1:5")]
    [InlineData("""[{"name":"ONE","size":-5},{"name":"TWO","size":99999999999999999999}]""", "1: 2:")]
    [InlineData(""" [ { "name" : "ONE" , "size" : 5 } ] """, "1:5")]
    public async Task Are_read_in_both_versions_however_they_are_cut(string text, string expected)
    {
        text = text.Replace("ONE", One).Replace("TWO", Two);
        foreach (var piece in new[] { 1, 7, 100_000 })
        {
            var found = await ReadAsync(Encoding.UTF8.GetBytes(text), piece);
            Assert.Equal(expected, string.Join(' ', found.Select(f => $"{f.Id.ToString()[0]}:{f.Length}")));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("""[{"name":"ONE","size":5}""")]
    [InlineData("<html>")]
    [InlineData("""[{"name":"ONE","size":5}] x""")]
    public async Task That_are_not_whole_are_refused(string text) => Assert.Equal(
        VaultFault.Unavailable, (await Assert.ThrowsAsync<VaultException>(() => ReadAsync(Encoding.UTF8.GetBytes(text.Replace("ONE", One)), 10))).Fault);

    [Fact]
    public async Task With_names_without_end_or_depth_without_end_are_refused_in_little_memory()
    {
        foreach (var endless in new[] { (byte)'[', (byte)'a' })
        {
            using var watch = new StallWatch(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
            var listing = new RestListing(new EndlessStream("[{\"name\":\""u8.ToArray(), endless == 'a' ? endless : null));
            await Assert.ThrowsAsync<VaultException>(async () =>
            {
                while (await listing.NextAsync(watch) is not null)
                {
                    // On until it gives up.
                }
            });
        }
    }

    [Fact]
    public async Task Of_many_objects_are_read_whole()
    {
        var text = "[" + string.Join(",", Enumerable.Range(0, 20_000).Select(i => $$"""{"name":"{{ObjectId.Of(BitConverter.GetBytes(i))}}","size":{{i}}}""")) + "]";
        var found = await ReadAsync(Encoding.UTF8.GetBytes(text), 100_000);
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (ObjectId.Of(BitConverter.GetBytes(i)), (long?)i)), found);
    }

    private static async Task<List<(ObjectId Id, long? Length)>> ReadAsync(byte[] text, int piece)
    {
        using var watch = new StallWatch(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
        var listing = new RestListing(new PiecesStream(text, piece));
        var all = new List<(ObjectId, long?)>();
        while (await listing.NextAsync(watch) is { } found)
        {
            all.AddRange(found);
        }

        return all;
    }

    private sealed class PiecesStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }

    /// <summary>A beginning, and then a character for ever; or, without one, ever deeper brackets.</summary>
    private sealed class EndlessStream(byte[] beginning, byte? then) : MemoryStream
    {
        private int round;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (round++ == 0 && then is not null)
            {
                beginning.CopyTo(buffer);
                return new(beginning.Length);
            }

            buffer.Span.Fill(then ?? (byte)'[');
            return new(buffer.Length);
        }
    }
}
