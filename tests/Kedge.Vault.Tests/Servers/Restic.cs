namespace Kedge.Vault.Tests.Servers;

/// <summary>A stock restic with a cache of its own, at one repository.</summary>
internal sealed class Restic : IDisposable
{
    /// <summary>Debian 12's and Debian 13's.</summary>
    internal static readonly string[] Versions = ["0.14", "0.18"];

    private readonly string program;
    private readonly string repository;
    private readonly DirectoryInfo cache;
    private readonly Dictionary<string, string?> environment;

    /// <summary>Skips the test where that version is missing.</summary>
    /// <param name="environment">More variables, such as credentials.</param>
    internal Restic(string version, string repository, string password, IReadOnlyDictionary<string, string?>? environment = null)
    {
        program = VaultTools.Need($"restic-{version}");
        cache = Directory.CreateTempSubdirectory("kedge-restic-");
        this.repository = repository;
        this.environment = new(environment ?? new Dictionary<string, string?>())
        {
            ["RESTIC_PASSWORD"] = password,
            ["RESTIC_CACHE_DIR"] = cache.FullName,
            ["RESTIC_PROGRESS_FPS"] = null,
            ["HOME"] = cache.FullName,
            // One of its threads per processor is enough beside other tests.
            ["GOMAXPROCS"] = "2",
        };
    }

    /// <summary>Runs it to its end: verb, options, and what else it takes.</summary>
    internal Task<ProgramEnd> RunAsync(params string[] arguments) =>
        Programs.RunAsync(program, ["--repo", repository, .. arguments], environment, CancellationToken.None);

    public void Dispose() => cache.Delete(recursive: true);
}
