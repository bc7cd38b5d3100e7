using Xunit;

namespace Kedge.Acceptance.Store;

public sealed class WhenSqliteIsMissing : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kedge-nosqlite-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_package_to_install_is_named()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to hide the library from one process");
        var script = "for library in $(ldconfig -p | sed -n 's/.*=> //p' | grep libsqlite3.so.0); do mount --bind /dev/null \"$(readlink -f \"$library\")\"; done; exec \"$0\" open \"$1\"";
        await using var host = HostProcess.StartWith(
            [], ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, HostProcess.Program, folder.FullName]);
        await host.EndAsync();

        Assert.Equal(1, host.ExitCode);
        Assert.Equal(
            ["SQLite's library libsqlite3.so.0 (3.20 or later) was not found. Install it: apt-get install libsqlite3-0"], host.Lines);
    }
}
