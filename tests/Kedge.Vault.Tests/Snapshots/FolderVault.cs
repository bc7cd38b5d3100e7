using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;

namespace Kedge.Vault.Tests.Snapshots;

/// <summary>A vault in a folder that goes with the test; its key costs next to nothing.</summary>
internal sealed class FolderVault : IAsyncDisposable
{
    internal const string Password = "seven small boats";

    private readonly TestFolder folder;
    private readonly TimeProvider time;

    private FolderVault(TestFolder folder, VaultRepository vault, TimeProvider time) => (this.folder, Vault, this.time) = (folder, vault, time);

    internal VaultRepository Vault { get; }

    /// <summary>The repository.</summary>
    internal string Path => System.IO.Path.Join(folder.Path, "vault");

    /// <summary>A path beside the repository, for whatever the test needs.</summary>
    internal string Beside(string name) => System.IO.Path.Join(folder.Path, name);

    /// <summary>How vaults of tests begin, wherever they are kept.</summary>
    internal static NewVault New(int version = 2, VaultRepository? sameKeyAs = null) => new()
    {
        Password = Password.AsMemory(),
        Owner = new(GoTime.From(new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero)), "ann", "harbour"),
        Cost = new(1024, 8, 1),
        Version = version,
        SameKeyAs = sameKeyAs,
    };

    internal static Task<FolderVault> MakeAsync() => MakeAsync(TimeProvider.System, 2);

    internal static async Task<FolderVault> MakeAsync(TimeProvider time, int version)
    {
        var folder = new TestFolder();
        var backend = Storage(System.IO.Path.Join(folder.Path, "vault"), time);
        return new(folder, await VaultRepository.InitAsync(backend, New(version), time, CancellationToken.None), time);
    }

    /// <summary>One that a stock restic makes. Skips the test where that version is missing.</summary>
    internal static async Task<FolderVault> MadeByResticAsync(string version, int format)
    {
        var folder = new TestFolder();
        try
        {
            var path = System.IO.Path.Join(folder.Path, "vault");
            using var restic = new Restic(version, path, Password);
            (await restic.RunAsync("init", "--repository-version", $"{format}")).Succeeded();
            var backend = Storage(path, TimeProvider.System);
            return new(folder, await VaultRepository.OpenAsync(backend, Password.AsMemory(), TimeProvider.System, CancellationToken.None), TimeProvider.System);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The same vault opened anew, with whichever password.</summary>
    internal Task<VaultRepository> OpenAsync(string password) =>
        VaultRepository.OpenAsync(Storage(Path, time), password.AsMemory(), time, CancellationToken.None);

    internal Restic Restic(string version) => new(version, Path, Password);

    internal async Task<StoredSnapshot> AddAsync(SnapshotFile snapshot) =>
        new(await Vault.SaveAsync(ObjectKind.Snapshot, snapshot.Write(), CancellationToken.None), snapshot);

    internal Task<SnapshotList> ListAsync() => SnapshotSurvey.ListAsync(Vault, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Vault.DisposeAsync();
        // .NET cannot remove names that are no text.
        await Programs.RunAsync("/bin/rm", ["-rf", folder.Path], new Dictionary<string, string?>(), CancellationToken.None);
        Directory.CreateDirectory(folder.Path);
        folder.Dispose();
    }

    private static IBackend Storage(string path, TimeProvider time) => VaultLocation.Parse(path).Open(new() { RetryFor = TimeSpan.Zero }, time);
}
