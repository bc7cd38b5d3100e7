namespace Kedge.Vault.Format;

/// <summary>
/// Between the mode that the system's stat(2) gives and the one that stands in a tree, which is Go's os.FileMode: the same
/// nine bits of permission, and its own bits for everything else.
/// </summary>
public static class GoMode
{
    private const uint Permissions = 0x1ff;
    private const uint Folder = 1u << 31, Symlink = 1u << 27, Device = 1u << 26, Pipe = 1u << 25, Socket = 1u << 24;
    private const uint SetUser = 1u << 23, SetGroup = 1u << 22, Character = 1u << 21, Sticky = 1u << 20, Irregular = 1u << 19;

    private const uint StatType = 0xf000, StatSetUser = 0x800, StatSetGroup = 0x400, StatSticky = 0x200;
    private const uint StatSocket = 0xc000, StatSymlink = 0xa000, StatFile = 0x8000, StatBlock = 0x6000, StatFolder = 0x4000, StatCharacter = 0x2000, StatPipe = 0x1000;

    /// <param name="mode">st_mode.</param>
    public static NodeKind KindOf(uint mode) => (mode & StatType) switch
    {
        StatFile => NodeKind.File,
        StatFolder => NodeKind.Folder,
        StatSymlink => NodeKind.Symlink,
        StatBlock => NodeKind.BlockDevice,
        StatCharacter => NodeKind.CharacterDevice,
        StatPipe => NodeKind.Pipe,
        StatSocket => NodeKind.Socket,
        _ => NodeKind.Irregular,
    };

    /// <param name="mode">st_mode.</param>
    public static uint FromStat(uint mode)
    {
        var type = (mode & StatType) switch
        {
            StatFile => 0u,
            StatFolder => Folder,
            StatSymlink => Symlink,
            StatBlock => Device,
            StatCharacter => Device | Character,
            StatPipe => Pipe,
            StatSocket => Socket,
            _ => Irregular,
        };
        return (mode & Permissions) | type | Bit(mode, StatSetUser, SetUser) | Bit(mode, StatSetGroup, SetGroup) | Bit(mode, StatSticky, Sticky);
    }

    /// <summary>The permissions, with set-user-ID, set-group-ID and sticky bit, for chmod(2). A node's kind says what it is.</summary>
    public static uint ToPermissions(uint mode) =>
        (mode & Permissions) | Bit(mode, SetUser, StatSetUser) | Bit(mode, SetGroup, StatSetGroup) | Bit(mode, Sticky, StatSticky);

    private static uint Bit(uint mode, uint from, uint to) => (mode & from) != 0 ? to : 0;
}
