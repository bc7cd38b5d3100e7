using Kedge.Drivers.Programs;

namespace Kedge.StoreHost.Crashes;

/// <summary>
/// The end, or the sleep, of this process at one named place on its way. It prints every place that it comes by, those
/// that fall together on one line.
/// </summary>
/// <param name="signal">9 (SIGKILL) or 19 (SIGSTOP); 0 to come by all places and only print them.</param>
internal sealed class Crash(int signal, string place)
{
    /// <summary>Begins the line of a place, or of several at once.</summary>
    public const string Mark = "place\t";

    private readonly Lock passing = new();
    private readonly Dictionary<string, int> seen = new(StringComparer.Ordinal);

    /// <summary>Comes by. What happens for the second time at a place of the same name is another place.</summary>
    public void PassBy(params IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return;
        }

        lock (passing)
        {
            var places = names.Select(Numbered).ToList();
            Console.WriteLine(Mark + string.Join('\t', places));
            if (signal != 0 && places.Contains(place))
            {
                ProcessTable.Signal(ProcessTable.Own, signal);
            }
        }
    }

    private string Numbered(string name)
    {
        var times = seen[name] = seen.GetValueOrDefault(name) + 1;
        return times == 1 ? name : $"{name}, time {times}";
    }
}
