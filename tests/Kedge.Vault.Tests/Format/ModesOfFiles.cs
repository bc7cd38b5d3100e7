using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

public sealed class ModesOfFiles
{
    /// <summary>The right-hand sides are what restic has written for such files.</summary>
    [Theory]
    [InlineData(0x81a4u, NodeKind.File, 420u)]
    [InlineData(0x89edu, NodeKind.File, 8389101u)]
    [InlineData(0x41edu, NodeKind.Folder, 2147484141u)]
    [InlineData(0x43ffu, NodeKind.Folder, 2148532735u)]
    [InlineData(0xa1ffu, NodeKind.Symlink, 134218239u)]
    [InlineData(0x61a4u, NodeKind.BlockDevice, 67109284u)]
    [InlineData(0x21a4u, NodeKind.CharacterDevice, 69206436u)]
    [InlineData(0x11a4u, NodeKind.Pipe, 33554852u)]
    [InlineData(0xc1edu, NodeKind.Socket, 16777709u)]
    [InlineData(0x85edu, NodeKind.File, 4194797u)]
    public void Are_those_of_Go(uint stat, NodeKind kind, uint mode)
    {
        Assert.Equal((kind, mode), (GoMode.KindOf(stat), GoMode.FromStat(stat)));
        Assert.Equal(stat & 0xfff, GoMode.ToPermissions(mode));
    }
}
