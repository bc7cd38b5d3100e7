using Kedge.Journal;
using Kedge.Journal.Chain;
using Kedge.Store.Sqlite;
using Xunit;

namespace Kedge.Acceptance.Store;

/// <summary>What a store's folder holds after something went wrong.</summary>
internal static class WrittenJournal
{
    /// <summary>
    /// Opens the store and says what of it is wrong: an acknowledged entry that is gone or another, a chain that does not
    /// hold, a head file that knows more than the store. Empty where all is well.
    /// </summary>
    /// <param name="acknowledged">Lines of position and hash, as the host printed them.</param>
    public static async Task<IReadOnlyList<string>> FaultsAsync(string folder, IEnumerable<string> acknowledged)
    {
        var heads = acknowledged.Select(line => line.Split(' ')).Where(p => p is [_, { Length: 64 }])
            .Select(p => new RememberedHead("its writer", new JournalHead(long.Parse(p[0]), p[1]))).ToList();
        await using var keeper = new FileHeadKeeper(Path.Combine(folder, "head"), TimeProvider.System);
        if (await keeper.ReadAsync(TestContext.Current.CancellationToken) is { } head)
        {
            heads.Add(new RememberedHead("the head file", head));
        }

        await using var store = await SqliteStore.OpenAsync(
            Path.Combine(folder, "kedge.db"),
            TimeProvider.System,
            SqliteSettings.Default with { ReserveBytes = 4096 },
            TestContext.Current.CancellationToken);
        var verified = await JournalVerification.VerifyAsync(store, heads, TestContext.Current.CancellationToken);
        return [.. verified.Faults.Select(f => f.What)];
    }
}
