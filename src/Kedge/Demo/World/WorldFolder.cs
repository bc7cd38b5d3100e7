namespace Kedge.Demo.World;

/// <summary>The folder in which a demo's world lives, and all that belongs to it.</summary>
internal static class WorldFolder
{
    private const string Prefix = "kedge-demo-";

    /// <summary>Others may pass through it: the servers run as users of their own.</summary>
    /// <param name="within">Null for the place of temporary files.</param>
    public static string Create(string? within = null)
    {
        var folder = within is null
            ? Directory.CreateTempSubdirectory(Prefix).FullName
            : Directory.CreateDirectory(Path.Join(within, Prefix + Path.GetRandomFileName())).FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    /// <summary>Worlds of this user that are there, whoever left them.</summary>
    public static IReadOnlyList<string> FindAll() =>
        [.. Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*").Where(f => Directory.Exists(Path.Join(f, "secrets"))).Order(StringComparer.Ordinal)];

    /// <summary>Kills what runs in a world, and takes its folder away with all that it left in the system.</summary>
    /// <param name="memory">Segments that were seen earlier, and whose data folders may be gone.</param>
    public static async Task RemoveAsync(
        string folder, IReadOnlySet<int> memory, TimeProvider time, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        var segments = SharedMemory.Of(folder).Union(memory).ToHashSet();
        await FolderProcesses.KillAsync(folder, time, cancellation);
        SharedMemory.Remove(segments);
        Directory.Delete(folder, recursive: true);
    }
}
