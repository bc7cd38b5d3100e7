namespace Kedge.Acceptance.Store;

/// <summary>
/// Folders in memory, where there is such a place: for tests that open a store hundreds of times, and for which it is of no
/// consequence what the disk does.
/// </summary>
internal static class FastFolder
{
    public static DirectoryInfo Create(string purpose)
    {
        const string memory = "/dev/shm";
        return Directory.Exists(memory)
            ? Directory.CreateDirectory(Path.Combine(memory, $"kedge-{purpose}-{Environment.ProcessId}-{Environment.TickCount64}"))
            : Directory.CreateTempSubdirectory($"kedge-{purpose}-");
    }
}
