using System.Globalization;
using System.Text;

namespace Kedge.Drivers.Programs;

/// <summary>A process that cannot be confused with a later one of the same number.</summary>
/// <param name="Started">In clock ticks since boot (field 22 of <c>/proc/PID/stat</c>, proc(5)).</param>
public readonly record struct ProcessIdentity(int Pid, long Started)
{
    public override string ToString() => $"process {Pid}";
}

/// <summary>What <c>/proc/PID/stat</c> says of a process.</summary>
/// <param name="Name">Of the program, at most fifteen characters; may hold anything, parentheses and spaces too.</param>
/// <param name="State">One letter, as proc(5) lists them.</param>
public sealed record ProcessStat(
    ProcessIdentity Identity, string Name, char State, int Parent, int Group, int Session)
{
    public int Pid => Identity.Pid;

    /// <summary>True for a zombie, too: it does nothing any more, it has only not been reaped.</summary>
    public bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>True where a signal has stopped it (SIGSTOP, or a debugger): it is there, and does nothing.</summary>
    public bool IsStopped => State is 'T' or 't';

    /// <summary>Reads one line of <c>/proc/PID/stat</c>; throws <see cref="FormatException"/> on anything else.</summary>
    public static ProcessStat Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        // The name stands in parentheses and may hold parentheses: it ends at the last one.
        var open = line.IndexOf('(');
        var close = line.LastIndexOf(')');
        if (open < 1 || close < open)
        {
            throw new FormatException("no name in parentheses");
        }

        var rest = line.AsSpan(close + 1);
        Span<Range> fields = stackalloc Range[21];
        return rest.TrimEnd().Split(fields, ' ', StringSplitOptions.RemoveEmptyEntries) < 20
            ? throw new FormatException("at least 20 fields after the name expected")
            : new(new(Number(line.AsSpan(0, open).Trim()), long.Parse(rest[fields[19]], CultureInfo.InvariantCulture)),
                line[(open + 1)..close], rest[fields[0]][0], Number(rest[fields[1]]), Number(rest[fields[2]]), Number(rest[fields[3]]));

        static int Number(ReadOnlySpan<char> text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Null where there is no such process (any more).</summary>
    public static ProcessStat? Read(int pid) =>
        ProcFiles.Read(pid, "stat", expected: 512) is { } line ? Parse(Encoding.Latin1.GetString(line)) : null;
}
