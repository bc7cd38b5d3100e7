using System.Text;

namespace Kedge.Drivers.Programs;

/// <summary>What this process may do in a folder, asked without doing it.</summary>
internal static class FolderAccess
{
    private const int Write = 2;
    private const int Search = 1;

    /// <summary>True where files can be made there (access(2), by the real user, which Kedge never changes).</summary>
    internal static unsafe bool MayWrite(string folder)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            return NativeCalls.Access(path, Write | Search) == 0;
        }
    }
}
