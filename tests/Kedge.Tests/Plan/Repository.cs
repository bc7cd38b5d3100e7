using System.Runtime.CompilerServices;

namespace Kedge.Tests.Plan;

/// <summary>Where this source stands, for tests of the files beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string file = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(file)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Kedge.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"no Kedge.slnx above {file}");
        }

        return folder.FullName;
    }
}
