using System.Buffers.Binary;

namespace Kedge.Drivers.PostgreSql;

/// <summary>
/// What a data folder says of itself while its server is down, read from its files alone: for whoever decides whether
/// the server may start.
/// </summary>
/// <param name="Version">Major version, as <c>PG_VERSION</c> has it.</param>
/// <param name="SystemIdentifier">The same in a primary and its standbys, different in any other cluster; null where it cannot be read.</param>
/// <param name="IsStandby">True where it would start as a standby, which accepts no writes: <c>standby.signal</c> is there.</param>
public sealed record PostgresDataFolder(string Path, string Version, ulong? SystemIdentifier, bool IsStandby)
{
    /// <summary>Null where there is no data folder (nothing there, an empty folder, or something else).</summary>
    public static PostgresDataFolder? Describe(string data)
    {
        var version = System.IO.Path.Join(data, "PG_VERSION");
        return File.Exists(version)
            ? new(data, File.ReadAllText(version).Trim(), ReadSystemIdentifier(data),
                File.Exists(System.IO.Path.Join(data, "standby.signal")))
            : null;
    }

    /// <summary>The first eight bytes of <c>global/pg_control</c>, in every version (pg_control.h).</summary>
    private static ulong? ReadSystemIdentifier(string data)
    {
        var file = System.IO.Path.Join(data, "global", "pg_control");
        if (!File.Exists(file))
        {
            return null;
        }

        using var stream = File.OpenRead(file);
        var bytes = new byte[8];
        return stream.ReadAtLeast(bytes, 8, throwOnEndOfStream: false) == 8
            ? BitConverter.IsLittleEndian
                ? BinaryPrimitives.ReadUInt64LittleEndian(bytes)
                : BinaryPrimitives.ReadUInt64BigEndian(bytes)
            : null;
    }
}
