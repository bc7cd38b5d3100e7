using Kedge.CommandLine.Rendering.Text;
using Kedge.Vault.Backup;
using Kedge.Vault.Format;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>What is told of a backup, in restic's messages where it goes to programs.</summary>
internal sealed class BackupReport
{
    private readonly VaultOutput output;
    private readonly bool isDryRun;
    private readonly BackupProgress progress = new();
    private BackupOutcome? outcome;
    private SnapshotSummary? usual;
    private long lost;

    public BackupReport(VaultOutput output, bool isDryRun)
    {
        (this.output, this.isDryRun) = (output, isDryRun);
        View = new(Look, "saved", "storing the rest", "done");
    }

    public FilesView View { get; }

    public BackupWanted Attach(BackupWanted wanted)
    {
        usual = wanted.Parent?.File.Summary;
        return wanted with { Progress = progress, OnProblem = Tell, OnAct = output.TellsEach ? Tell : null };
    }

    /// <summary>
    /// Shows the progress while something runs. How much there will be is known from the snapshot before, or counted beside
    /// it where somebody looks on.
    /// </summary>
    /// <param name="counts">Whether it may be counted.</param>
    public async Task<BackupOutcome> FollowAsync(BackupWanted wanted, bool counts, Func<Task<BackupOutcome>> work, CancellationToken cancellation)
    {
        using var display = output.Follow(View);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var scan = counts && display.IsShown && usual is null && wanted.Stream is null ? BackupScan.RunAsync(wanted, ending.Token) : Task.CompletedTask;
        try
        {
            return outcome = await work();
        }
        finally
        {
            await ending.CancelAsync();
            await scan.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <returns>The exit code.</returns>
    public int Show()
    {
        var (ended, sum) = (outcome!, outcome!.File.Summary ?? new());
        output.Message("summary", json =>
        {
            if (isDryRun)
            {
                json.WriteBoolean("dry_run"u8, true);
            }

            SnapshotJson.WriteSummary(json, sum);
            json.WriteNumber("total_duration"u8, Math.Round(Duration(sum).TotalSeconds, 3));
            if (ended.Snapshot is { } id && !isDryRun)
            {
                json.WriteString("snapshot_id"u8, id.ToString());
            }
        });
        var lines = new Page(output.Width);
        if (ended.Snapshot is null)
        {
            lines.Add(Styled.Good("unchanged") + ": nothing differs from the snapshot before, and none was made");
        }
        else
        {
            var changes = $"{FilesView.Number((long)sum.FilesNew)} new, {FilesView.Number((long)sum.FilesChanged)} changed, {FilesView.Number((long)sum.FilesUnmodified)} unchanged";
            lines.Add($"files    {changes}");
            lines.Add($"read     {Figures.Bytes((long)sum.TotalBytesProcessed)} in {FilesView.Count((long)sum.TotalFilesProcessed, "file")}, {Figures.Time(Duration(sum))}");
            lines.Add($"{(isDryRun ? "would add " : "added    ")}{Figures.Bytes((long)sum.DataAdded)}, stored as {Figures.Bytes((long)sum.DataAddedPacked)}");
            lines.Add(isDryRun ? Styled.Good("dry run: ") + "nothing was written" : Styled.Good("saved    ") + "snapshot " + Styled.Accent(ended.Snapshot.Value.Short));
        }

        output.Conclude(lines);
        if (lost > 0)
        {
            output.Remark(Styled.Warning($"{lost} {(lost == 1 ? "thing is" : "things are")} missing from this snapshot, as said above"));
        }

        return lost > 0 ? VaultExits.Incomplete : ExitCodes.Fine;
    }

    private Progress Look()
    {
        var (files, bytes, isKnown) = usual is not null
            ? ((long)usual.TotalFilesProcessed, (long)usual.TotalBytesProcessed, true)
            : (progress.FilesExpected, progress.BytesExpected, progress.IsScanned);
        return new(
            Math.Max(files, progress.FilesFound), Math.Max(bytes, progress.BytesFound), progress.FilesDone, progress.BytesDone, progress.Problems, isKnown);
    }

    private static TimeSpan Duration(SnapshotSummary sum) => sum.BackupEnd.ToDateTimeOffset() - sum.BackupStart.ToDateTimeOffset();

    private void Tell(BackupProblem problem)
    {
        if (problem.IsLost)
        {
            Interlocked.Increment(ref lost);
        }

        output.Problem(problem.Path.Length > 0 ? problem.Path : null, problem.What, "archival");
    }

    private void Tell(BackupAct act, string path, long bytes)
    {
        var word = act switch { BackupAct.New => "new", BackupAct.Changed => "modified", _ => "unchanged" };
        output.Line($"{word,-10} {path}{(act == BackupAct.Unchanged ? "" : $", {Figures.Bytes(bytes)}")}", isOneOfMany: true);
        output.Document(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("message_type"u8, "verbose_status");
                json.WriteString("action"u8, word);
                json.WriteString("item"u8, path);
                json.WriteNumber("data_size"u8, bytes);
                json.WriteEndObject();
            },
            isOneOfMany: true);
    }
}
