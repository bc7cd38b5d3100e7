using System.Text.Json;
using Kedge.Vault.Forget;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Forget;

/// <summary>Random policies on random snapshots, by a stock restic and by us. (0.14 does not keep the oldest where counts are left.)</summary>
public sealed class ChoosesAsResticDoes
{
    private const int Policies = 20;
    private const string Zone = "Europe/Berlin";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task For_any_policy(int seed)
    {
        var random = new Random(seed);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
        await using var vault = await FolderVault.MakeAsync();
        for (var group = 0; group < 30; group++)
        {
            await AddGroupAsync(vault, random, group, zone);
        }

        var snapshots = (await vault.ListAsync()).Snapshots;
        using var restic = new Restic("0.18", vault.Path, FolderVault.Password, new Dictionary<string, string?> { ["TZ"] = Zone });
        for (var round = 0; round < Policies; round++)
        {
            var (policy, options) = RandomPolicy(random);
            var grouping = random.Next(4) == 0 ? SnapshotGrouping.Parse("tags,host") : SnapshotGrouping.Usual;
            string[] arguments = ["forget", "--dry-run", "--no-lock", "--json", "--group-by", grouping.ToString(), .. options];
            var end = await restic.RunAsync(arguments);
            var wanted = new ForgetWanted { Policy = policy, Grouping = grouping };
            var what = $"seed {seed}, round {round}: {string.Join(' ', options)}";
            if (end.ExitCode != 0)
            {
                Assert.Contains("refusing to delete last snapshot", end.Errors, StringComparison.Ordinal);
                Assert.Equal(VaultFault.Misuse, Assert.Throws<VaultException>(() => ForgetPlan.Make(snapshots, wanted, new ClockIn(zone))).Fault);
                continue;
            }

            Compare(Theirs(end.Output), Ours(ForgetPlan.Make(snapshots, wanted, new ClockIn(zone))), what);
        }
    }

    private static async Task AddGroupAsync(FolderVault vault, Random random, int group, TimeZoneInfo zone)
    {
        var count = random.Next(1, 25);
        var step = random.Next(5) switch { 0 => 300, 1 => 3_000, 2 => 40_000, 3 => 400_000, _ => 4_000_000 };
        // Around a change of clocks, the end of a year, now, and whenever.
        var time = random.Next(4) switch { 0 => 1_711_846_800L, 1 => 1_735_680_000L, 2 => DateTimeOffset.UtcNow.ToUnixTimeSeconds(), _ => random.NextInt64(0, 2_000_000_000) };
        var used = new HashSet<long>();
        for (var i = 0; i < count; i++)
        {
            var at = time + random.NextInt64(-step * (long)count, step * 2L);
            if (!used.Add(at))
            {
                continue;
            }

            var offset = random.Next(3) switch { 0 => 0, 1 => (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(at)).TotalMinutes, _ => random.Next(-47, 57) * 15 };
            await vault.AddAsync(new()
            {
                Time = new(at, random.Next(1_000_000_000), offset),
                Tree = ObjectId.Of([(byte)group]),
                Paths = [$"/data/{group}", "/etc"],
                Hostname = $"host{group % 7}",
                Tags = [.. new[] { "a", "b", "c" }.Where(_ => random.Next(3) == 0)],
            });
        }
    }

    private static (ForgetPolicy Policy, string[] Options) RandomPolicy(Random random)
    {
        List<string> options = [];
        var policy = new ForgetPolicy
        {
            Last = Count("last"),
            Hourly = Count("hourly"),
            Daily = Count("daily"),
            Weekly = Count("weekly"),
            Monthly = Count("monthly"),
            Yearly = Count("yearly"),
            Within = Span("within"),
            WithinHourly = Span("within-hourly"),
            WithinDaily = Span("within-daily"),
            WithinWeekly = Span("within-weekly"),
            WithinMonthly = Span("within-monthly"),
            WithinYearly = Span("within-yearly"),
            Tags = random.Next(5) == 0 ? [Tag(), Tag()] : [],
        };
        return policy.IsEmpty ? (policy with { Last = 1 }, ["--keep-last", "1"]) : (policy, [.. options]);

        int Count(string name)
        {
            if (random.Next(4) > 0)
            {
                return 0;
            }

            var count = random.Next(12) == 0 ? ForgetPolicy.Unlimited : random.Next(1, 12);
            options.AddRange([$"--keep-{name}", count > 0 ? $"{count}" : "unlimited"]);
            return count;
        }

        CalendarDuration Span(string name)
        {
            if (random.Next(6) > 0)
            {
                return default;
            }

            var span = random.Next(4) switch
            {
                0 => new CalendarDuration(random.Next(3), random.Next(14), random.Next(40), random.Next(50)),
                1 => new CalendarDuration(0, random.Next(1, 14), 0, 0),
                2 => new CalendarDuration(0, 0, random.Next(1, 40), 0),
                _ => new CalendarDuration(0, 0, 0, random.Next(1, 50)),
            };
            options.AddRange(span.IsZero ? [] : [$"--keep-{name}", span.ToString()]);
            return span;
        }

        TagList Tag()
        {
            var text = random.Next(4) switch { 0 => "a", 1 => "a,b", 2 => "", _ => "b, c" };
            options.AddRange(["--keep-tag", text]);
            return TagList.Parse(text);
        }
    }

    private static void Compare(SortedSet<string> theirs, SortedSet<string> ours, string what)
    {
        var differences = theirs.Except(ours).Select(line => $"restic {line}").Concat(ours.Except(theirs).Select(line => $"kedge {line}"));
        Assert.True(theirs.SetEquals(ours), $"{what}\n{string.Join('\n', differences.Take(8))}");
        Assert.NotEmpty(theirs);
    }

    private static SortedSet<string> Ours(ForgetPlan plan) =>
    [
        .. plan.Groups.SelectMany(g => g.Keep.Select(k => $"keep {k.Snapshot.Id}: {string.Join(", ", k.Reasons)}").Concat(g.Remove.Select(r => $"remove {r.Id}"))),
    ];

    private static SortedSet<string> Theirs(string json)
    {
        var all = new SortedSet<string>();
        using var parsed = JsonDocument.Parse(json);
        foreach (var group in parsed.RootElement.EnumerateArray())
        {
            foreach (var (kept, reason) in Elements(group, "keep").Zip(Elements(group, "reasons")))
            {
                all.Add($"keep {kept.GetProperty("id").GetString()}: {string.Join(", ", reason.GetProperty("matches").EnumerateArray().Select(m => m.GetString()))}");
            }

            all.UnionWith(Elements(group, "remove").Select(r => $"remove {r.GetProperty("id").GetString()}"));
        }

        return all;
    }

    private static IEnumerable<JsonElement> Elements(JsonElement group, string name) =>
        group.GetProperty(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private sealed class ClockIn(TimeZoneInfo zone) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => zone;
    }
}
