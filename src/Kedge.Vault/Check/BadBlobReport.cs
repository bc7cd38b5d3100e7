using Kedge.Vault.Format;

namespace Kedge.Vault.Check;

/// <summary>Tells of each damaged blob whether another pack has a good copy, and whether anybody needs it. After all reading, because only then is that known.</summary>
internal static class BadBlobReport
{
    internal static void Tell(CheckRun run, CancellationToken cancellation)
    {
        using var reader = run.Vault.OpenReader();
        foreach (var (position, what) in run.BadBlobs.OrderBy(b => b.Position))
        {
            cancellation.ThrowIfCancellationRequested();
            var name = run.Index.EntryAt(position).Name;
            var hasGoodCopy = HasGoodCopy(run, reader, name, cancellation);
            var isNeeded = run.Used[run.Index.Find(name)];
            run.IsAnythingLost |= isNeeded && !hasGoodCopy;
            if (!run.IsFirstAbout(name))
            {
                continue;
            }

            var fate = hasGoodCopy ? "; another pack has a good copy of it" : isNeeded ? "; there is no other copy in this vault" : "; no snapshot needs it";
            run.Findings.Add(new()
            {
                Kind = FindingKind.BlobDamaged,
                IsDamage = true,
                Object = new(ObjectKind.Pack, run.Index.PlaceAt(position).Pack),
                Blob = name,
                What = $"{name} is damaged: {what}{fate}",
                Remedy = hasGoodCopy || !isNeeded ? CheckRemedies.Pack : CheckRemedies.Blob,
                HasGoodCopy = hasGoodCopy,
            });
        }
    }

    /// <summary>Reads the other copies until one is good; those that are not are noted as bad.</summary>
    private static bool HasGoodCopy(CheckRun run, Packing.BlobReader reader, in BlobName name, CancellationToken cancellation)
    {
        var probe = -1;
        for (var other = run.Index.FindNext(name, ref probe); other >= 0; other = run.Index.FindNext(name, ref probe))
        {
            if (run.Bad[other] || !run.Packs.Has(run.Index.PackNumberAt(other)))
            {
                continue;
            }

            try
            {
                reader.Read(run.Index.PlaceAt(other), cancellation);
                return true;
            }
            catch (VaultException problem) when (problem.Fault is VaultFault.Damaged or VaultFault.NotFound)
            {
                run.FoundBad(other, problem.Message);
            }
        }

        return false;
    }
}
