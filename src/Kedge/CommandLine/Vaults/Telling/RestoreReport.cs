using Kedge.CommandLine.Rendering.Text;
using Kedge.Vault;
using Kedge.Vault.Indexing;
using Kedge.Vault.Restore;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>What is told of a restore, in restic's messages where it goes to programs.</summary>
internal sealed class RestoreReport
{
    private readonly VaultOutput output;
    private readonly bool isDryRun;
    private readonly RestoreProgress progress = new();
    private readonly long begun;
    private long differs;

    public RestoreReport(VaultOutput output, bool isDryRun)
    {
        (this.output, this.isDryRun) = (output, isDryRun);
        begun = output.Host.Time.GetTimestamp();
        View = new(() => new(progress.FilesFound, progress.BytesFound, progress.FilesDone, progress.BytesDone, progress.Problems, IsAllFound: true), "restored", "to the disk", "restored");
    }

    public FilesView View { get; }

    public RestoreWanted Attach(RestoreWanted wanted) => wanted with
    {
        Progress = progress,
        OnProblem = problem => output.Problem(problem.Path, problem.What, "restore"),
        OnAct = output.TellsEach ? Tell : null,
    };

    /// <summary>Holds what stands in the target against the snapshot, as a restore does that may write nothing.</summary>
    public async Task VerifyAsync(VaultRepository vault, BlobIndex index, RestoreWanted restored, CancellationToken cancellation)
    {
        var differing = 0L;
        var wanted = restored with
        {
            DryRun = true,
            Delete = false,
            Overwrite = Overwrite.Always,
            Progress = new(),
            OnAct = (act, path) =>
            {
                if (act is RestoreAct.Made or RestoreAct.Changed)
                {
                    Interlocked.Increment(ref differing);
                    output.Problem(path, "is not as the snapshot has it", "verify");
                }
            },
        };
        await VaultRestore.RunAsync(vault, index, wanted, cancellation);
        differs = differing;
    }

    /// <returns>The exit code.</returns>
    public int Show(StoredSnapshot snapshot, string target)
    {
        var elapsed = output.Host.Time.GetElapsedTime(begun);
        var written = progress.BytesDone - progress.BytesKept;
        output.Message("summary", json =>
        {
            if (isDryRun)
            {
                json.WriteBoolean("dry_run"u8, true);
            }

            json.WriteNumber("seconds_elapsed"u8, Math.Round(elapsed.TotalSeconds, 3));
            json.WriteNumber("total_files"u8, progress.FilesFound);
            json.WriteNumber("files_restored"u8, progress.FilesDone);
            json.WriteNumber("files_deleted"u8, progress.Removed);
            json.WriteNumber("total_bytes"u8, progress.BytesFound);
            json.WriteNumber("bytes_restored"u8, written);
            json.WriteNumber("bytes_skipped"u8, progress.BytesKept);
            json.WriteNumber("error_count"u8, progress.Problems);
        });
        var lines = new Page(output.Width);
        var rest = progress.BytesKept > 0 ? $"; {Figures.Bytes(progress.BytesKept)} were there already" : "";
        lines.Add($"written  {Figures.Bytes(written)} of {Figures.Bytes(progress.BytesFound)} in {FilesView.Count(progress.FilesFound, "file")}, {Figures.Time(elapsed)}{rest}");
        if (progress.Removed > 0)
        {
            lines.Add($"removed  {FilesView.Number(progress.Removed)} that the snapshot does not have");
        }

        lines.Add(isDryRun ? Styled.Good("dry run: ") + "nothing was written" : Styled.Good("restored ") + "snapshot " + Styled.Accent(snapshot.Id.Short) + $" of {Figures.At(snapshot.File.Time.ToDateTimeOffset(), output.Host.Time.LocalTimeZone)} to {target}");
        output.Conclude(lines);
        if (differs > 0)
        {
            throw new VerbException(ExitCodes.Failed, $"{FilesView.Number(differs)} {(differs == 1 ? "thing is" : "things are")} not as the snapshot has it", "Each is said above. Somebody may have changed it meanwhile.");
        }

        return progress.Problems > 0
            ? throw new VerbException(ExitCodes.Failed, $"{FilesView.Number(progress.Problems)} {(progress.Problems == 1 ? "thing" : "things")} could not be restored as the snapshot has it", "Each is said above. What needs root's rights (owners, devices) needs them here, too.")
            : ExitCodes.Fine;
    }

    private void Tell(RestoreAct act, string path)
    {
        var word = act switch { RestoreAct.Made => "restored", RestoreAct.Changed => "updated", RestoreAct.Removed => "deleted", _ => "unchanged" };
        output.Line($"{word,-10} {path}", isOneOfMany: true);
        output.Document(
            json =>
            {
                json.WriteStartObject();
                json.WriteString("message_type"u8, "verbose_status");
                json.WriteString("action"u8, word);
                json.WriteString("item"u8, path);
                json.WriteEndObject();
            },
            isOneOfMany: true);
    }
}
