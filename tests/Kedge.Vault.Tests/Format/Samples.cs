using System.Runtime.CompilerServices;

namespace Kedge.Vault.Tests.Format;

/// <summary>What stock restic has written: see Samples/README.md.</summary>
internal static class Samples
{
    public const string Password = "correct horse";

    public static readonly string[] Writers = ["restic-0.14-v1", "restic-0.14", "restic-0.18"];

    public static byte[] Read(string writer, string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder(), writer, name));
        return name.EndsWith(".hex", StringComparison.Ordinal) ? Convert.FromHexString(System.Text.Encoding.ASCII.GetString(bytes).Trim()) : bytes;
    }

    /// <summary>The opened headers of packs, with the packs' lengths.</summary>
    public static IEnumerable<(byte[] Header, long PackLength)> Headers(string writer) =>
        from file in Directory.GetFiles(Path.Combine(Folder(), writer), "header-of-*.hex")
        let name = Path.GetFileName(file)
        select (Read(writer, name), long.Parse(name["header-of-".Length..^".hex".Length]));

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Samples");
}
