using System.Text.Json;
using System.Text.Json.Serialization;
using Kedge.Drivers;
using Kedge.Plan.Model;

namespace Kedge.Recover.Fence;

/// <summary>
/// The epoch beside the data: which site may be writable, and under which epoch, in <c>epoch.json</c> of the instance's
/// guard folder. Anybody may read it, because whoever starts the data store asks it (<c>kedge may-start</c>, as the
/// database's own user) when no node and no store may be left to ask.
/// </summary>
public sealed record EpochFile
{
    public const string Name = "epoch.json";

    public required long Epoch { get; init; }

    /// <summary>The site that may be writable under this epoch.</summary>
    public required string ActiveSite { get; init; }

    public required string Component { get; init; }

    /// <summary>The instance beside whose data the file is.</summary>
    public required string Instance { get; init; }

    /// <summary>Name of the journal that gave the epoch out; epochs of different journals cannot be compared.</summary>
    public required string Journal { get; init; }

    /// <summary>True where the instance stands at the site that may be writable.</summary>
    [JsonIgnore]
    public bool IsActiveHere => InstanceId.Parse(Instance).Site == new SiteName(ActiveSite);

    /// <summary>
    /// Reads a guard folder's epoch; null where none was written yet. Throws <see cref="DriverException"/> for one that
    /// is there and cannot be read: unknown is not zero.
    /// </summary>
    public static EpochFile? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), EpochJson.Default.EpochFile)
                ?? throw new JsonException("it is empty");
            _ = InstanceId.Parse(read.Instance);
            return read.Epoch > 0 ? read : throw new JsonException("an epoch is 1 or more");
        }
        catch (Exception nothing) when (nothing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException)
        {
            throw new DriverException(
                $"the epoch in {path} cannot be read: {damaged.Message}",
                "find out which site is active ('kedge status', 'kedge journal show'), make sure that no other instance accepts writes, then remove the file and try again",
                inner: damaged);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new DriverException(
                $"the epoch in {path} cannot be read: {refused.Message}",
                "give this user the right to enter the folder and read the file",
                inner: refused);
        }
    }

    /// <summary>Replaces a guard folder's epoch; it is on stable storage when this returns.</summary>
    internal void Write(string folder)
    {
        var path = Path.Combine(folder, Name);
        var draft = path + ".tmp";

        // Created anew, never followed: the folder may belong to the database's user, and this process may be root.
        File.Delete(draft);
        using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            File.SetUnixFileMode(
                file.SafeFileHandle,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            JsonSerializer.Serialize(file, this, EpochJson.Default.EpochFile);
            file.WriteByte((byte)'\n');
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        LinuxLocks.SyncFolder(folder);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(EpochFile))]
internal sealed partial class EpochJson : JsonSerializerContext;
