using System.Globalization;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>Under which numbers this process runs, as the kernel says (proc(5), <c>/proc/self/status</c>).</summary>
internal static class ProcessOwner
{
    public static (uint User, uint Group) Read()
    {
        var (user, group) = (0u, 0u);
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("Uid:", StringComparison.Ordinal))
            {
                user = Real(line);
            }
            else if (line.StartsWith("Gid:", StringComparison.Ordinal))
            {
                group = Real(line);
                break;
            }
        }

        return (user, group);
    }

    /// <summary>The first of real, effective, saved and file system's.</summary>
    private static uint Real(string line) => uint.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture);
}
