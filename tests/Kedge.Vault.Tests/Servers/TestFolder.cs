namespace Kedge.Vault.Tests.Servers;

/// <summary>A folder that goes with the test; in memory where there is such a place, because tests store thousands of files.</summary>
internal sealed class TestFolder : IDisposable
{
    internal TestFolder() : this(Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath())
    {
    }

    private TestFolder(string above)
    {
        Path = System.IO.Path.Join(above, $"kedge-vault-{System.IO.Path.GetRandomFileName()}");
        Directory.CreateDirectory(Path);
    }

    internal string Path { get; }

    /// <summary>One where the tests themselves are, on a disk: what is in memory is never written to or read from one directly.</summary>
    internal static TestFolder OnDisk() => new(AppContext.BaseDirectory);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
