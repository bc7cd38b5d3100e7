using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Kedge.Vault.Files;

/// <summary>
/// The names of users and groups, and their numbers on this machine, each asked for once. Any thread may ask. An account
/// that is not known, or whose server does not answer, has no name: files are kept by number as well.
/// </summary>
internal sealed unsafe class OwnerNames
{
    /// <summary>A group's record holds all its members, so it may be long.</summary>
    private const int LargestRecord = 16 * 1024 * 1024;

    private readonly ConcurrentDictionary<uint, string> users = new();
    private readonly ConcurrentDictionary<uint, string> groups = new();
    private readonly ConcurrentDictionary<string, uint?> userIds = new();
    private readonly ConcurrentDictionary<string, uint?> groupIds = new();

    private delegate int Question(LibCAccounts.Account* account, byte* buffer, nuint size, LibCAccounts.Account** found);

    private delegate int QuestionByName(byte* name, LibCAccounts.Account* account, byte* buffer, nuint size, LibCAccounts.Account** found);

    /// <returns>Empty where there is none.</returns>
    internal string UserName(uint id) => users.GetOrAdd(
        id, static id => Ask((account, buffer, size, found) => LibCAccounts.getpwuid_r(id, account, buffer, size, found))?.Name ?? "");

    /// <returns>Empty where there is none.</returns>
    internal string GroupName(uint id) => groups.GetOrAdd(
        id, static id => Ask((account, buffer, size, found) => LibCAccounts.getgrgid_r(id, account, buffer, size, found))?.Name ?? "");

    internal uint? UserId(string name) => userIds.GetOrAdd(name, static name => AskByName(name, LibCAccounts.getpwnam_r));

    internal uint? GroupId(string name) => groupIds.GetOrAdd(name, static name => AskByName(name, LibCAccounts.getgrnam_r));

    private static uint? AskByName(string name, QuestionByName question)
    {
        if (name.Length == 0 || name.Contains('\0'))
        {
            return null;
        }

        var terminated = Encoding.UTF8.GetBytes(name + "\0");
        return Ask((account, buffer, size, found) =>
        {
            fixed (byte* bytes = terminated)
            {
                return question(bytes, account, buffer, size, found);
            }
        })?.Id;
    }

    /// <summary>Asks with more room as long as there is too little.</summary>
    private static (string Name, uint Id)? Ask(Question question)
    {
        for (nuint size = 4096; size <= LargestRecord; size *= 4)
        {
            var buffer = (byte*)NativeMemory.Alloc(size);
            try
            {
                LibCAccounts.Account account;
                LibCAccounts.Account* found = null;
                var error = (Errno)question(&account, buffer, size, &found);
                if (found != null)
                {
                    return (Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(account.Name)), account.Id);
                }

                if (error is not (Errno.TooSmall or Errno.Interrupted))
                {
                    return null;
                }
            }
            finally
            {
                NativeMemory.Free(buffer);
            }
        }

        return null;
    }
}
