using System.Globalization;
using Kedge.Drivers.Programs;

namespace Kedge.Demo.World;

/// <summary>The folder in which a demo's world lives, and all that belongs to it.</summary>
internal static class WorldFolder
{
    private const string Prefix = "kedge-demo-";

    /// <summary>File that says which process plays in the world; gone when the world is to be left running.</summary>
    private const string Player = "player";

    /// <summary>Others may pass through it: the servers run as users of their own.</summary>
    /// <param name="within">Null for the place of temporary files.</param>
    public static string Create(string? within = null)
    {
        var folder = within is null
            ? Directory.CreateTempSubdirectory(Prefix).FullName
            : Directory.CreateDirectory(Path.Join(within, Prefix + Path.GetRandomFileName())).FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.WriteAllText(Path.Join(folder, Player), string.Create(CultureInfo.InvariantCulture, $"{ProcessTable.Own.Pid} {ProcessTable.Own.Started}"));
        return folder;
    }

    /// <summary>From here on nobody plays in it: <see cref="FindLeft"/> finds it.</summary>
    public static void Leave(string folder) => File.Delete(Path.Join(folder, Player));

    /// <summary>Worlds of this user that were left running; not those of demos that are being played.</summary>
    public static IReadOnlyList<string> FindLeft() =>
        [.. Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*").Where(f => IsOurs(f) && Directory.Exists(Path.Join(f, "secrets")) && !IsPlayed(f)).Order(StringComparer.Ordinal)];

    private static bool IsOurs(string folder) => Owners.OfFile(folder) is { } owner && owner == Owners.OfProcess(Environment.ProcessId);

    private static bool IsPlayed(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Join(folder, Player)).Split(' ') is [var pid, var started]
                && int.TryParse(pid, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(started, CultureInfo.InvariantCulture, out var since)
                && ProcessTable.IsAlive(new(number, since));
        }
        catch (IOException)
        {
            // There is none: it was left.
            return false;
        }
    }

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
