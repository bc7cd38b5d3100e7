using Kedge.Store;
using Kedge.Store.Sqlite;
using Xunit;

namespace Kedge.Tests.Store;

public sealed class WhenTheStoreThreadFails
{
    [Fact]
    public async Task Whoever_waits_and_whoever_comes_later_is_told()
    {
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var thread = new StoreThread("doomed", whenIdle: () =>
        {
            begun.Set();
            goOn.Wait();
            throw new InvalidOperationException("no disk");
        }, atEnd: static () => { });

        Assert.Equal(1, await thread.RunAsync(static _ => 1, CancellationToken.None));
        Assert.True(begun.Wait(TimeSpan.FromSeconds(30)), "it never became idle");
        var waiting = thread.RunAsync(static _ => 2, CancellationToken.None);
        goOn.Set();

        var told = await Assert.ThrowsAsync<StoreException>(() => waiting);
        var later = await Assert.ThrowsAsync<StoreException>(() => thread.RunAsync(static _ => 3, CancellationToken.None));
        Assert.Equal("no disk", told.InnerException!.Message);
        Assert.Equal(told.Message, later.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await thread.DisposeAsync());
    }
}
