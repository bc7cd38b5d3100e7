namespace Kedge.Acceptance;

/// <summary>
/// Folders in memory, where there is such a place: for tests that open a store hundreds of times or copy whole databases,
/// and for which it is of no consequence what the disk does.
/// </summary>
internal static class FastFolder
{
    /// <summary>Where such folders are made.</summary>
    public static string Place { get; } = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public static DirectoryInfo Create(string purpose) => Directory.CreateDirectory(Path.Join(Place, $"kedge-{purpose}-{Path.GetRandomFileName()}"));
}
