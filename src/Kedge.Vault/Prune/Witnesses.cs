using Kedge.Vault.Format;
using Kedge.Vault.Locking;

namespace Kedge.Vault.Prune;

/// <summary>
/// Who else is at work in the vault, as far as locks tell. A lock whose holder has not refreshed it for half an hour is
/// nobody's: see the README in this folder for what that means for holders who are merely asleep.
/// </summary>
internal sealed class Witnesses
{
    /// <summary>How far clocks of different machines may be apart.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(15);

    private readonly List<StandingLock> others;

    private Witnesses(List<StandingLock> others) => this.others = others;

    /// <summary>Whether everybody at work keeps away from marked packs, and looks again where an index file is gone: whoever runs Kedge does, restic does not.</summary>
    internal bool AllHonourMarks => others.All(o => HonoursMarks(o.File));

    /// <summary>One of them, as the end of a sentence; null where there is nobody.</summary>
    internal string? Who => others.FirstOrDefault() switch
    {
        null => null,
        { File: { } file } => $"process {file.ProcessId} of {file.Username} on {file.Hostname}, which has a lock since {(HonoursMarks(file) ? file.Began : file.Time)}",
        { Id: var id } => $"whoever has the lock {id.Short}, which cannot be read ('kedge vault unlock --remove-all' removes it)",
    };

    internal static async Task<Witnesses> LookAsync(VaultRepository vault, VaultLock own, CancellationToken cancellation)
    {
        var now = vault.Time.GetUtcNow();
        var all = await LockSurvey.ListAsync(vault, cancellation);
        return new([.. all.Where(l => l.File is null || (!IsOwn(l.File, own) && !LockSurvey.IsStale(l.File, own.Holder, now)))]);
    }

    /// <summary>Whether nobody at work can rely on a pack that was marked then: all came later, and keep away from it.</summary>
    internal bool Allow(GoTime marked) => others.All(o => HonoursMarks(o.File) && o.File!.Began.ToDateTimeOffset() > marked.ToDateTimeOffset() + ClockMargin);

    private static bool HonoursMarks(LockFile? file) => file is not null && file.Began != GoTime.None;

    private static bool IsOwn(LockFile file, VaultLock own) =>
        file.Hostname == own.Holder.Hostname && file.ProcessId == own.Holder.ProcessId && file.Began == GoTime.From(own.Began);
}
