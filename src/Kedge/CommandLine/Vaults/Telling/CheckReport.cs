using Kedge.CommandLine.Rendering.Text;
using Kedge.Vault.Check;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>What is told of a check, in restic's messages where it goes to programs.</summary>
internal sealed class CheckReport(VaultOutput output)
{
    /// <summary>Of each snapshot, for people; the rest is in the JSON.</summary>
    private const int MostFilesShown = 10;

    private bool wantsIndex;
    private bool wantsPrune;
    private bool isIndexIncomplete;

    /// <summary>Called as things are found.</summary>
    public void Tell(CheckFinding finding)
    {
        isIndexIncomplete |= finding.Kind is FindingKind.IndexIncomplete;
        wantsIndex |= finding.Kind is FindingKind.IndexIncomplete or FindingKind.IndexUnreadable or FindingKind.IndexContradiction or FindingKind.IndexRepeated;
        wantsPrune |= finding.Kind is FindingKind.PackOrphaned;
        output.Line((finding.IsDamage ? Styled.Bad("damaged  ") : Styled.Warning("untidy   ")) + finding.What);
        if (finding.Remedy is { } remedy)
        {
            output.Line(Styled.Quiet($"         {remedy}"));
        }

        output.Message(finding.IsDamage ? "error" : "warning", json =>
        {
            json.WriteString("message"u8, finding.What);
            json.WriteString("hint"u8, finding.Remedy);
            json.WriteString("kind"u8, finding.Kind.ToString());
            json.WriteString("object"u8, finding.Object?.ToString());
            json.WriteString("blob"u8, finding.Blob?.ToString());
        });
    }

    /// <returns>The exit code.</returns>
    public int Show(CheckOutcome outcome, TimeZoneInfo zone)
    {
        foreach (var hit in outcome.Hits)
        {
            Tell(hit, zone);
        }

        var totals = outcome.Totals;
        output.Message("summary", json =>
        {
            json.WriteNumber("num_errors"u8, outcome.Damages);
            json.WriteNumber("num_warnings"u8, outcome.Untidy);
            json.WriteStartArray("broken_packs"u8);
            foreach (var pack in outcome.DamagedPacks)
            {
                json.WriteStringValue(pack.ToString());
            }

            json.WriteEndArray();
            json.WriteBoolean("suggest_repair_index"u8, wantsIndex);
            json.WriteBoolean("suggest_prune"u8, wantsPrune && !isIndexIncomplete);
            json.WriteNumber("snapshots"u8, totals.Snapshots);
            json.WriteNumber("damaged_snapshots"u8, outcome.Hits.Count);
            json.WriteNumber("packs"u8, totals.Packs);
            json.WriteNumber("packs_read"u8, totals.PacksRead);
            json.WriteNumber("bytes"u8, totals.PackBytes);
            json.WriteNumber("bytes_read"u8, totals.BytesRead);
            json.WriteNumber("blobs"u8, totals.Blobs);
            json.WriteNumber("unused_blobs"u8, totals.UnusedBlobs);
        });
        var page = new Page(output.Width);
        page.Add($"checked  {FilesView.Count(totals.Snapshots, "snapshot")}, {FilesView.Count(totals.Trees, "folder")}, {FilesView.Count(totals.Packs, "pack")} of {Figures.Bytes(totals.PackBytes)}");
        page.Add($"read     {(totals.PacksRead == 0 ? "no data: kedge vault check --read-data does" : $"{Figures.Bytes(totals.BytesRead)} in {FilesView.Count(totals.PacksRead, "pack")}, byte for byte")}");
        if (outcome.IsSound)
        {
            page.Add(Styled.Good("sound    ") + (outcome.Untidy > 0 ? "nothing is damaged; what is merely untidy is said above" : "nothing is damaged"));
        }

        output.Conclude(page);
        return outcome.IsSound ? ExitCodes.Fine
            : throw new VerbException(
                ExitCodes.Failed,
                outcome.Damages == 1 ? "one thing in the vault is damaged" : $"{FilesView.Number(outcome.Damages)} things in the vault are damaged",
                Advice(outcome.Hits.Count));
    }

    private string Advice(int hits)
    {
        var extent = hits == 0 ? "No snapshot is hit." : $"{Figures.Count(hits, "snapshot is", "snapshots are")} hit{(isIndexIncomplete ? " as long as the index is not complete" : "")}.";
        return $"{extent} {(isIndexIncomplete ? "What to do first is said above, with the index." : "What to do about each is said with it.")}";
    }

    private void Tell(SnapshotHits hit, TimeZoneInfo zone)
    {
        output.Line(Styled.Bad("hit      ") + $"snapshot {hit.Id.Short} of {hit.Snapshot.Hostname}, {Figures.At(hit.Snapshot.Time.ToDateTimeOffset(), zone)}");
        foreach (var file in hit.Files.Take(MostFilesShown))
        {
            output.Line($"         {file}{(file.IsFolder ? " and all below it" : "")}");
        }

        if (hit.IsCut || hit.Files.Count > MostFilesShown)
        {
            output.Line(Styled.Quiet(hit.IsCut ? "         and more" : $"         and {hit.Files.Count - MostFilesShown} more"));
        }

        output.Message("damaged_snapshot", json =>
        {
            json.WriteString("snapshot"u8, hit.Id.ToString());
            json.WriteBoolean("is_cut"u8, hit.IsCut);
            json.WriteStartArray("files"u8);
            foreach (var file in hit.Files)
            {
                json.WriteStartObject();
                json.WriteString("path"u8, file.ToString());
                json.WriteString("type"u8, file.IsFolder ? "dir" : "file");
                json.WriteString("blob"u8, file.Lost.ToString());
                json.WriteNumber("lost_blobs"u8, file.LostBlobs);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
