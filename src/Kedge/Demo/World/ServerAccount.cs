using System.Globalization;

namespace Kedge.Demo.World;

/// <summary>The user of this machine that a server runs as.</summary>
internal sealed record ServerAccount(string Name, uint User, uint Group)
{
    /// <summary>The first of these users that there is; null where this process is not root, and servers run as what it is itself.</summary>
    public static ServerAccount? Find(params ReadOnlySpan<string> names)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        foreach (var name in names)
        {
            var line = File.ReadLines("/etc/passwd").FirstOrDefault(l => l.StartsWith(name + ':', StringComparison.Ordinal));
            if (line?.Split(':') is [_, _, var user, var group, ..])
            {
                return new(name, uint.Parse(user, CultureInfo.InvariantCulture), uint.Parse(group, CultureInfo.InvariantCulture));
            }
        }

        throw new DemoException($"this machine has no user {string.Join(" or ", names)} for the server to run as",
            "install the packages anew, or run the demo as an ordinary user");
    }

    /// <summary>Gives a file or folder to the server.</summary>
    public void Own(string path) => NativeCalls.ChangeOwner(path, User, Group);
}
