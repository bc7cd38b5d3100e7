using System.Runtime.CompilerServices;
using Xunit;

namespace Kedge.Tests.Golden;

/// <summary>
/// Compares text that people read with a file beside the test. To accept what changed, run with
/// <c>KEDGE_ACCEPT_GOLDEN=1</c> and review the diff.
/// </summary>
internal static class GoldenFile
{
    /// <summary>The file is <c>Golden/NAME</c> in the folder of the calling test.</summary>
    public static void Matches(string actual, string name, [CallerFilePath] string caller = "")
    {
        MatchesFile(actual, Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name));
    }

    /// <summary>The same for a file that is published elsewhere: generated documentation.</summary>
    public static void MatchesFile(string actual, string path)
    {
        actual = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("KEDGE_ACCEPT_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"no golden file {path}; run with KEDGE_ACCEPT_GOLDEN=1 to write it");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
