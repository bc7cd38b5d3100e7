using System.Text;

namespace Kedge.Drivers.Programs;

/// <summary>A user of this machine, as the system's name service knows it.</summary>
internal sealed record UserAccount(string Name, uint User, uint Group, string Home)
{
    /// <summary>This process's own effective user; where the name service does not know it, it has a number for a name.</summary>
    internal static UserAccount Own
    {
        get
        {
            var number = NativeCalls.EffectiveUser();
            return Look(number) ?? new(number.ToString(), number, number, "/");
        }
    }

    /// <summary>Throws <see cref="DriverException"/> where there is no such user.</summary>
    internal static unsafe UserAccount Named(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            var pointer = text;
            return Read((account, buffer, length, found) =>
                    NativeCalls.UserByName(pointer, account, buffer, length, found))
                ?? throw new DriverException($"there is no user '{name}' on this machine",
                    $"create it (useradd --system {name}), or name an existing one in the option 'user'");
        }
    }

    private static unsafe UserAccount? Look(uint number) =>
        Read((account, buffer, length, found) => NativeCalls.UserByNumber(number, account, buffer, length, found));

    private static unsafe UserAccount? Read(Query query)
    {
        for (var size = 4096; ; size *= 4)
        {
            var buffer = new byte[size];
            fixed (byte* memory = buffer)
            {
                NativeCalls.Account account;
                NativeCalls.Account* found;
                var error = query(&account, memory, size, &found);
                if (error == NativeCalls.ResultTooLarge && size < 1 << 22)
                {
                    continue;
                }

                return found is null ? null : new(Show(found->Name), found->User, found->Group, Show(found->Home));
            }
        }
    }

    private static unsafe string Show(byte* text) =>
        text is null ? "" : System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)text) ?? "";

    private unsafe delegate int Query(
        NativeCalls.Account* account, byte* buffer, nint length, NativeCalls.Account** found);
}
