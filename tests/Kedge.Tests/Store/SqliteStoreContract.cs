using Kedge.Store;
using Kedge.Store.Sqlite;

namespace Kedge.Tests.Store;

public sealed class SqliteStoreContract : StoreContract, IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kedge-store-");
    private readonly List<IStore> opened = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened)
        {
            await store.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    protected override async Task<IStore> OpenAsync(TimeProvider time)
    {
        var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "state", "kedge.db"), time, CancellationToken.None);
        opened.Add(store);
        return store;
    }
}
