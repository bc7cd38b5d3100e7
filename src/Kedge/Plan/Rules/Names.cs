using Kedge.Plan.Language;
using Kedge.Plan.Reading;

namespace Kedge.Plan.Rules;

/// <summary>Looks names up, and says what is wrong with those that are not found.</summary>
internal sealed class Names(PlanDraft plan, ProblemList problems)
{
    /// <summary>Whether a name that is not found is surely not there.</summary>
    public bool Whole => plan.Whole;

    public bool ServicesKnown => plan.Whole && plan.Fields[PlanKeys.Services] is not null;

    private bool SitesKnown => plan.Whole && plan.Fields[PlanKeys.Sites] is not null;

    /// <summary>A site that must be one that runs services.</summary>
    /// <param name="whyNotWitness">After "a witness site": <c>runs no service</c>.</param>
    public void RunningSite(string site, Place place, KeyPath path, string whyNotWitness)
    {
        if (!plan.SitesByName.TryGetValue(site, out var known))
        {
            if (SitesKnown)
            {
                Unknown(ProblemCode.UnknownSite, "site", "the plan", site, plan.Sites.Where(s => !s.Witness).Select(s => s.Name), place, path);
            }
        }
        else if (known.Witness)
        {
            problems.Add(
                ProblemCode.Witness, place, path, $"The site {site} is a witness: it {whyNotWitness}.", "Name a site that is no witness.");
        }
    }

    public void Unknown(ProblemCode code, string noun, string holder, string name, IEnumerable<string> known, Place place, KeyPath path) =>
        problems.Add(
            code, place, path, $"{Capital(holder)} has no {noun} {Quote.Text(name)}.",
            problems.Suggest(name, known) is { } near ? $"Write '{near}'." : $"Name a {noun} that it has, or add this one.");

    /// <summary>The items without those that stand there a second time, which are reported.</summary>
    public IEnumerable<Placed<string>> Once(IReadOnlyList<Placed<string>> items)
    {
        var seen = new HashSet<string>();
        foreach (var item in items)
        {
            if (seen.Add(item.Value))
            {
                yield return item;
            }
            else
            {
                Repeated(item.Value, item.Place, item.Path, problems);
            }
        }
    }

    public static void Repeated(string name, Place place, KeyPath path, ProblemList problems) =>
        problems.Add(ProblemCode.Repeated, place, path, $"{Quote.Text(name)} is listed twice.", "Remove one of the two.");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
