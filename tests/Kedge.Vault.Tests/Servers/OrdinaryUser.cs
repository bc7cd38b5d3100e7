using System.Runtime.CompilerServices;
using Kedge.Vault.Files;
using Xunit;

namespace Kedge.Vault.Tests.Servers;

/// <summary>Runs a test as somebody who may not do everything: root starts this program again as nobody, for just that test.</summary>
internal static class OrdinaryUser
{
    private const string Nobody = "65534";
    private const string SetPrivileges = "/usr/bin/setpriv";

    internal static async Task RunAsync(Type tests, Func<Task> test, [CallerMemberName] string method = "")
    {
        if (Identity.UserId != 0)
        {
            await test();
            return;
        }

        VaultTools.NeedInstalled(SetPrivileges);
        using var results = new TestFolder();
        File.SetUnixFileMode(results.Path, (UnixFileMode)0x1ff);
        var program = Path.ChangeExtension(tests.Assembly.Location, null);
        string[] privileges = ["--reuid", Nobody, "--regid", Nobody, "--clear-groups"];
        var can = await Programs.RunAsync(SetPrivileges, [.. privileges, "/usr/bin/test", "-x", program], new Dictionary<string, string?>(), CancellationToken.None);
        Assert.SkipUnless(can.ExitCode == 0, $"nobody may not run {program}");
        var end = await Programs.RunAsync(
            SetPrivileges,
            [.. privileges, program, "--no-ansi", "--no-progress", "--results-directory", results.Path, "--filter-method", $"{tests.FullName}.{method}"],
            new Dictionary<string, string?> { ["HOME"] = results.Path, ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") },
            CancellationToken.None);
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
    }
}
