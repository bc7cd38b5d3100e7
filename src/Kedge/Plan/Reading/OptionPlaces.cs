namespace Kedge.Plan.Reading;

/// <summary>Finds where an option is given.</summary>
internal static class OptionPlaces
{
    /// <summary>The first of these mappings that holds the option says where; null where none does.</summary>
    public static Place? Of(string? option, params ReadOnlySpan<PlanValue?> layers)
    {
        foreach (var layer in layers)
        {
            if ((layer?.Content as MapNode)?.Entries.FirstOrDefault(e => e.Key == option) is { } entry)
            {
                return entry.Place;
            }
        }

        return null;
    }
}
