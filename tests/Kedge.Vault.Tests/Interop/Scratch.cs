using Kedge.Vault.Tests.Servers;

namespace Kedge.Vault.Tests.Interop;

/// <summary>A folder for files with names that .NET cannot remove; it goes with the test.</summary>
internal sealed class Scratch : IAsyncDisposable
{
    private readonly TestFolder folder = new();

    internal string Path => folder.Path;

    internal string this[string name] => System.IO.Path.Join(folder.Path, name);

    public async ValueTask DisposeAsync()
    {
        await Programs.RunAsync("/bin/rm", ["-rf", folder.Path], new Dictionary<string, string?>(), CancellationToken.None);
        Directory.CreateDirectory(folder.Path);
        folder.Dispose();
    }
}
