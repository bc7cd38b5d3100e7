using System.CommandLine;
using Kedge.CommandLine.Vaults.Opening;
using Kedge.Vault.Forget;
using Kedge.Vault.Snapshots;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>restic's <c>--keep-…</c>: what a policy keeps.</summary>
internal sealed class KeepOptions
{
    private readonly Option<string?> last = Count("--keep-last", "-l", "The newest so many; or unlimited, as with the next five.");
    private readonly Option<string?> hourly = Count("--keep-hourly", "-H", "Of the newest so many hours that have snapshots the last of each.");
    private readonly Option<string?> daily = Count("--keep-daily", "-d", "Of days.");
    private readonly Option<string?> weekly = Count("--keep-weekly", "-w", "Of weeks.");
    private readonly Option<string?> monthly = Count("--keep-monthly", "-m", "Of months.");
    private readonly Option<string?> yearly = Count("--keep-yearly", "-y", "Of years.");
    private readonly Option<string?> within = Span("--keep-within", "All that are not older than the newest by more than this, as in 1y5m7d2h.");
    private readonly Option<string?> withinHourly = Span("--keep-within-hourly", "Of those the last of each hour.");
    private readonly Option<string?> withinDaily = Span("--keep-within-daily", "Of each day.");
    private readonly Option<string?> withinWeekly = Span("--keep-within-weekly", "Of each week.");
    private readonly Option<string?> withinMonthly = Span("--keep-within-monthly", "Of each month.");
    private readonly Option<string?> withinYearly = Span("--keep-within-yearly", "Of each year.");
    private readonly Option<string[]> tags = new("--keep-tag") { Description = "All with this tag, or with all of several that have commas between them. May be repeated.", HelpName = "TAG" };
    private readonly Option<string> groupBy = new("--group-by", "-g")
    {
        Description = "What the policy is applied to for itself: snapshots of the same host, paths, tags.",
        HelpName = "WHAT",
        DefaultValueFactory = _ => SnapshotGrouping.Usual.ToString(),
    };

    private readonly Option<bool> allowAll = new("--unsafe-allow-remove-all") { Description = "Without a policy remove all that --host, --tag and --path let through." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            last, hourly, daily, weekly, monthly, yearly, within, withinHourly, withinDaily, withinWeekly, withinMonthly, withinYearly, tags, groupBy, allowAll,
        })
        {
            command.Options.Add(option);
        }
    }

    public ForgetWanted Read(VaultCall call, SnapshotFilter filter) => new()
    {
        Policy = new()
        {
            Last = ForgetPolicy.ParseCount(call.Get(last) ?? "0"),
            Hourly = ForgetPolicy.ParseCount(call.Get(hourly) ?? "0"),
            Daily = ForgetPolicy.ParseCount(call.Get(daily) ?? "0"),
            Weekly = ForgetPolicy.ParseCount(call.Get(weekly) ?? "0"),
            Monthly = ForgetPolicy.ParseCount(call.Get(monthly) ?? "0"),
            Yearly = ForgetPolicy.ParseCount(call.Get(yearly) ?? "0"),
            Within = CalendarDuration.Parse(call.Get(within) ?? ""),
            WithinHourly = CalendarDuration.Parse(call.Get(withinHourly) ?? ""),
            WithinDaily = CalendarDuration.Parse(call.Get(withinDaily) ?? ""),
            WithinWeekly = CalendarDuration.Parse(call.Get(withinWeekly) ?? ""),
            WithinMonthly = CalendarDuration.Parse(call.Get(withinMonthly) ?? ""),
            WithinYearly = CalendarDuration.Parse(call.Get(withinYearly) ?? ""),
            Tags = [.. call.Get(tags)!.Select(TagList.Parse)],
        },
        Grouping = SnapshotGrouping.Parse(call.Get(groupBy)!),
        Filter = filter,
        AllowRemovingAll = call.Get(allowAll),
    };

    private static Option<string?> Count(string name, string alias, string description) => new(name, alias) { Description = description, HelpName = "N" };

    private static Option<string?> Span(string name, string description) => new(name) { Description = description, HelpName = "TIME" };
}
