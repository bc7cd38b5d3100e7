using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Kedge.Acceptance.Store;

/// <summary>Libraries in C, compiled by the test, that stand between a process and the system (LD_PRELOAD).</summary>
internal static class Preload
{
    /// <summary>Returns the library made of a source beside this file. Skips the test where there is no C compiler.</summary>
    public static async Task<string> CompileAsync(string source, string folder, [CallerFilePath] string here = "")
    {
        Assert.SkipUnless(File.Exists("/usr/bin/cc"), "needs a C compiler: apt-get install gcc libc6-dev");
        var library = Path.Combine(folder, Path.ChangeExtension(source, ".so"));
        using var compiler = Process.Start(new ProcessStartInfo(
            "/usr/bin/cc", ["-shared", "-fPIC", "-O1", "-o", library, Path.Combine(Path.GetDirectoryName(here)!, source), "-ldl"]))!;
        await compiler.WaitForExitAsync();
        Assert.Equal(0, compiler.ExitCode);
        return library;
    }
}
