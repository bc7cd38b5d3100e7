namespace Kedge.Demo.Evidence;

/// <summary>
/// A time in which one instance took every write that was tried.
/// </summary>
/// <param name="Since">When the first write was acknowledged: by then it was writable.</param>
/// <param name="Until">When the last write was sent: it was still writable then. Before <paramref name="Since"/> where there was one write only.</param>
internal sealed record Reign(string Site, DateTimeOffset Since, DateTimeOffset Until, int Writes);

/// <summary>What the attempts of a <see cref="WritableWatch"/> prove.</summary>
internal static class Reigns
{
    /// <summary>Each instance's unbroken successions of writes that it took, by their beginning.</summary>
    public static IReadOnlyList<Reign> Find(IEnumerable<WriteAttempt> attempts)
    {
        var reigns = new List<Reign>();
        foreach (var site in attempts.GroupBy(a => a.Site))
        {
            Reign? current = null;
            foreach (var attempt in site.OrderBy(a => a.From))
            {
                if (attempt.Refused is not null)
                {
                    End();
                    continue;
                }

                current = current is null
                    ? new(attempt.Site, attempt.To, attempt.From, 1)
                    : current with { Until = attempt.From, Writes = current.Writes + 1 };
            }

            End();

            void End()
            {
                if (current is not null)
                {
                    reigns.Add(current);
                    current = null;
                }
            }
        }

        return [.. reigns.OrderBy(r => r.Since)];
    }

    /// <summary>Pairs of reigns of different instances that overlap: proof that two were writable at once. Empty is how it must be.</summary>
    public static IReadOnlyList<(Reign One, Reign Other)> FindOverlaps(IReadOnlyList<Reign> reigns)
    {
        var overlaps = new List<(Reign, Reign)>();
        for (var i = 0; i < reigns.Count; i++)
        {
            for (var j = i + 1; j < reigns.Count; j++)
            {
                var (one, other) = (reigns[i], reigns[j]);
                if (one.Site != other.Site && other.Since <= one.Until && one.Since <= other.Until)
                {
                    overlaps.Add((one, other));
                }
            }
        }

        return overlaps;
    }
}
