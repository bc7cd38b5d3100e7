using Xunit;

namespace Kedge.Vault.Tests.Servers;

/// <summary>Finds the programs that scripts/vault-tools.sh has fetched: in KEDGE_VAULT_TOOLS, else below the repository's .build folder.</summary>
internal static class VaultTools
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("KEDGE_VAULT_TOOLS") is { Length: > 0 } given ? given : Path.Join(Repository, ".build", "tools");

    /// <summary>Where the sources stand.</summary>
    internal static string Repository => FindRepository();

    /// <summary>The path of a program: restic-0.14, restic-0.18 or rest-server. Skips the test where it is missing.</summary>
    internal static string Need(string program)
    {
        var path = Path.Join(Folder, program);
        Assert.SkipUnless(File.Exists(path), $"{program} is missing: ./test fetches it (scripts/vault-tools.sh)");
        return path;
    }

    internal static void NeedInstalled(params string[] programs)
    {
        foreach (var program in programs)
        {
            Assert.SkipUnless(File.Exists(program), $"{program} is missing: ./test installs it (scripts/vault-tools.sh)");
        }
    }

    private static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Join(folder, "Kedge.slnx")))
            {
                return folder;
            }
        }

        return AppContext.BaseDirectory;
    }
}
