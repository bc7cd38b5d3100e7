namespace Kedge.Vault.Tests.Servers;

/// <summary>A folder that goes with the test; in memory where there is such a place, because tests store thousands of files.</summary>
internal sealed class TestFolder : IDisposable
{
    internal TestFolder() => Directory.CreateDirectory(Path);

    internal string Path { get; } = System.IO.Path.Join(
        Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath(), $"kedge-vault-{System.IO.Path.GetRandomFileName()}");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
