using System.Security.Cryptography;
using Kedge.Vault.Format;
using Kedge.Vault.Packing;
using Kedge.Vault.Upkeep;

namespace Kedge.Vault.Check;

/// <summary>
/// Verifies packs that were read whole: their names, their headers, and every blob. Each blob is hashed as a part of the
/// pack and opened right afterwards, while the processor has it at hand.
/// </summary>
internal sealed class PackVerifier(CheckRun run, CancellationToken cancellation) : IPackWorker
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly BlobReader blobs = run.Vault.OpenReader();
    private readonly HeaderReader headers = new(run.Vault);

    public void Work(PackSpan span, ReadOnlyMemory<byte> bytes)
    {
        cancellation.ThrowIfCancellationRequested();
        var damaged = VerifyBlobs(span, bytes);
        Span<byte> digest = stackalloc byte[ObjectId.Size];
        hash.GetHashAndReset(digest);
        var headerProblem = VerifyHeader(span, bytes.Span);
        if (new ObjectId(digest) != span.Id)
        {
            var how = damaged > 0 ? $"{damaged} of its blobs are damaged" : headerProblem ?? "though its blobs and its header are good";
            Report(span, $"has another content than its name says: {how}");
        }
        else if (damaged > 0)
        {
            Report(span, $"was stored with {damaged} blobs that are damaged, or was forged by somebody who has the key");
        }
        else if (headerProblem is not null)
        {
            Report(span, headerProblem);
        }

        run.Wanted.Progress.Step(bytes.Length);
    }

    public void Unreadable(PackSpan span, VaultException why)
    {
        foreach (var position in span.Positions)
        {
            run.FoundBad(position, "cannot be read");
        }

        Report(span, $"cannot be read: {why.Message}");
        run.Wanted.Progress.Step(span.Length);
    }

    public void Dispose()
    {
        hash.Dispose();
        blobs.Dispose();
        headers.Dispose();
    }

    /// <returns>How many are damaged.</returns>
    private int VerifyBlobs(PackSpan span, ReadOnlyMemory<byte> bytes)
    {
        var (done, damaged) = (0, 0);
        foreach (var position in span.Positions)
        {
            var entry = run.Index.EntryAt(position);
            if (entry.Offset + (long)entry.Length > bytes.Length)
            {
                run.FoundBad(position, "lies beyond the pack's end");
                damaged++;
                continue;
            }

            var end = (int)(entry.Offset + entry.Length);
            hash.AppendData(bytes.Span[done..end]);
            done = end;
            try
            {
                blobs.Open(new(span.Id, entry), bytes.Span[(int)entry.Offset..end]);
            }
            catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
            {
                run.FoundBad(position, problem.Message);
                damaged++;
            }
        }

        hash.AppendData(bytes.Span[done..]);
        return damaged;
    }

    /// <returns>What is wrong with the header, as the end of a sentence.</returns>
    private string? VerifyHeader(PackSpan span, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return HeaderComparison.Differs(run.Index, span.Pack, headers.Decode(bytes, bytes.Length));
        }
        catch (VaultException problem) when (problem.Fault == VaultFault.Damaged)
        {
            return problem.Message;
        }
    }

    private void Report(PackSpan span, string how)
    {
        run.DamagedPacks[span.Id] = true;
        run.Findings.Add(new()
        {
            Kind = FindingKind.PackDamaged,
            IsDamage = true,
            Object = new(ObjectKind.Pack, span.Id),
            What = $"pack {span.Id} {how}",
            Remedy = CheckRemedies.Pack,
        });
    }
}
