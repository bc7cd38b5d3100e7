using Kedge.Vault.Backends;
using Kedge.Vault.Backends.Http;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class Rates
{
    private readonly ManualClock clock = new();

    [Fact]
    public async Task A_folder_is_written_and_read_at_the_given_rate()
    {
        using var folder = new TestFolder();
        await using var backend = VaultLocation.Parse(folder.Path).OpenBare(new() { UploadLimit = 100, DownloadLimit = 10 }, clock);
        await backend.PrepareAsync(CancellationToken.None);
        foreach (var seed in new[] { 1, 2, 3, 4 })
        {
            await TestObject.Random(ObjectKind.Pack, 102_400, seed).SaveAsync(backend);
        }

        // Each takes a second; whether the last one's is over, nobody has asked yet.
        Assert.Equal(3, Seconds());
        var name = TestObject.Random(ObjectKind.Pack, 102_400, 1).Name;
        await backend.ReadAsync(name, 0, 51_200);
        await backend.ReadAsync(name, 0, 0);
        Assert.Equal(8, Seconds());
    }

    [Fact]
    public async Task Time_in_which_nothing_was_sent_is_not_saved_up()
    {
        var rate = new ByteRate(1, clock);
        await rate.TakeAsync(1024, CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(100), clock, CancellationToken.None);
        await rate.TakeAsync(1024, CancellationToken.None);
        await rate.TakeAsync(1024, CancellationToken.None);
        Assert.Equal(101, Seconds());
    }

    [Fact]
    public async Task A_connection_never_sends_or_takes_much_at_once()
    {
        var line = new RecordingStream(new byte[1 << 18]);
        await using var paced = new PacedStream(line, ByteRate.Of(16, clock), ByteRate.Of(32, clock));
        await paced.WriteAsync(new byte[1 << 18]);
        Assert.All(line.Writes, w => Assert.InRange(w, 1, PacedStream.Slice));
        Assert.Equal(1 << 18, line.Writes.Sum());
        Assert.Equal(15, Seconds());
        var answer = new byte[1 << 18];
        await paced.ReadExactlyAsync(answer);
        Assert.Equal(15 + 7.5, Seconds());
    }

    private double Seconds() => Math.Round(TimeSpan.FromTicks(clock.GetTimestamp()).TotalSeconds, 3);

    private sealed class RecordingStream(byte[] answer) : MemoryStream(answer)
    {
        internal List<int> Writes { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes.Add(buffer.Length);
            return ValueTask.CompletedTask;
        }
    }
}
