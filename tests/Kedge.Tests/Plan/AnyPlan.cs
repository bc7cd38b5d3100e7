using Kedge.Plan.Contracts;
using Kedge.Plan.Model;

namespace Kedge.Tests.Plan;

/// <summary>Makes valid plans at random, with texts that YAML readers stumble over.</summary>
internal sealed class AnyPlan(Random dice)
{
    private static readonly string[] Awkward =
    [
        "null", "true", "~", "1.10", "0x1F", "1e3", "2024-01-01", " leading", "trailing ", "a: b", "a #b", "- a", "'", "\"", "\\", "\\n", "two\nlines", "tab\there",
        "{a}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a`", "|", ">", "?", ":", "é", "日本語", "𝄞 clef", "\u00a0", "\u2028", "\u202e", "env:NAME", "50%", "...", "---", "=", "<<", "a,b", "🧭",
    ];

    public KedgePlan Next()
    {
        var sites = Enumerable.Range(0, dice.Next(2, 5)).Select(i => new SiteName($"site-{i}")).ToList();
        var people = Some(3, i => new Person($"{Text()} {i}", dice.Next(2) == 0 ? $"login{i}" : null, Some(3, r => $"{Text()}{r}"), Texts()));
        var services = Enumerable.Range(0, dice.Next(1, 4)).Select(i => $"service-{i}").ToList();
        return new()
        {
            Name = Text(),
            Version = default,
            MarkerEvery = Time(100),
            Sites = [.. sites.Select(s => new Site(
                s, Text(), Witness: false, [.. sites.Where(o => o != s && dice.Next(2) == 0)], dice.Next(2) == 0 ? [Text(), "", Text()] : null)),
                new Site(new("witness"), Text(), Witness: true, [], null)],
            People = people,
            Decision = people.Count > 0 && dice.Next(2) == 0 ? Rule(people) : new([], 1, null, AfterDeadline.Escalate),
            Services = [.. services.Select((name, i) => Service(new(name), sites, services[..i], people))],
            Risks = Some(3, i => new Risk($"{Text()} {i}", Word("low", "medium", "high"), Word("low", "medium", "high"), Text())),
            Accept = Some(2, i => new Acceptance("KP040", $"services.service-{i}", Text())),
        };
    }

    private DecisionRule Rule(List<Person> people) => new([people[0].Name], 1, dice.Next(2) == 0 ? Time(1000) : null, AfterDeadline.Escalate);

    private Service Service(ServiceName name, List<SiteName> sites, List<string> before, List<Person> people)
    {
        var order = sites.OrderBy(_ => dice.Next()).ToList();
        var recovery = order.Skip(1).Take(dice.Next(1, order.Count)).ToList();
        var components = Enumerable.Range(0, dice.Next(1, 5)).Select(i => $"part-{i}").ToList();
        return new()
        {
            Name = name,
            Title = Text(),
            Primary = order[0],
            Recovery = recovery,
            Objectives = new(Maybe(), Maybe(), Maybe(), dice.Next(2) == 0 ? null : dice.Next(1, 1_000_001) / 1_000_000.0),
            Needs = [.. before.Where(_ => dice.Next(2) == 0).Select(n => new ServiceName(n))],
            Components = [.. components.Select((c, i) => Component(new(name, c), components[..i], order[..(recovery.Count + 1)]))],
            Checks = Some(2, i => Check($"check-{i}", order[..(recovery.Count + 1)])),
            Steps = Some(3, i => new CustomStep
            {
                Name = $"step-{i}",
                Before = dice.Next(2) == 0,
                Phase = (Phase)dice.Next(Enum.GetValues<Phase>().Length),
                Kinds = [.. Enum.GetValues<RunKind>().Where(k => k is RunKind.Failover || dice.Next(3) == 0)],
                Driver = "command",
                Options = new(new Dictionary<string, object>
                {
                    ["run"] = new[] { Text(), "", Text() },
                    ["safe-to-repeat"] = dice.Next(2) == 0,
                    ["timeout"] = Time(1),
                }),
            }),
            Decision = people.Count > 0 && dice.Next(3) == 0 ? Rule(people) : null,
            CommitAfter = Maybe(),
        };
    }

    private Component Component(ComponentId id, List<string> before, List<SiteName> sites) => new()
    {
        Id = id,
        Title = Text(),
        Driver = id.Name == "part-0" ? "postgres" : "process",
        Needs = [.. before.Where(_ => dice.Next(2) == 0).Select(n => new Dependency(n, dice.Next(2) == 0))],
        Redundancy = dice.Next(1, 1001),
        Instances = [.. sites.Select(s => new Instance(new(id, s), id.Name == "part-0" ? Postgres() : Process()))],
    };

    private OptionValues Postgres() => new(new Dictionary<string, object>
    {
        ["host"] = Text(),
        ["port"] = (long)dice.Next(1, 65536),
        ["database"] = Text(),
        ["user"] = Text(),
        ["password"] = new SecretReference(SecretSource.File, Text()),
        ["data"] = Text(),
        ["manage"] = "pg_ctl",
        ["os-user"] = "postgres",
        ["replication-mode"] = Word("async", "sync"),
        ["max-slot-wal-keep-size"] = new ByteCount((64L << 20) + (long)(dice.NextDouble() * 1e15)),
        ["start-guard"] = "systemd",
    });

    private OptionValues Process() => new(new Dictionary<string, object>
    {
        ["run"] = new[] { Text() },
        ["stop-signal"] = Word("TERM", "INT", "QUIT"),
        ["environment"] = Texts(),
    });

    private Check Check(string name, List<SiteName> sites) => new()
    {
        Name = name,
        Driver = "http",
        At = sites.ToDictionary(s => s, _ => new OptionValues(new Dictionary<string, object>
        {
            ["url"] = $"http://{Text()}",
            ["method"] = "GET",
            ["expect-status"] = (long)dice.Next(100, 600),
        })),
        Every = Time(50),
        Timeout = Time(10),
        Confirmations = dice.Next(0, 101),
        ConfirmEvery = Time(10),
    };

    private TimeSpan Time(int least) => TimeSpan.FromMilliseconds(least + (long)Math.Pow(10, dice.NextDouble() * 10));

    private TimeSpan? Maybe() => dice.Next(3) switch { 0 => null, 1 => TimeSpan.Zero, _ => Time(0) };

    private string Text() => dice.Next(3) == 0 ? $"word {dice.Next(100)}" : Awkward[dice.Next(Awkward.Length)];

    private string Word(params string[] words) => words[dice.Next(words.Length)];

    private Dictionary<string, string> Texts() =>
        Some(3, i => i).ToDictionary(i => $"{Text()}{i}", _ => Text());

    private List<T> Some<T>(int most, Func<int, T> make) => [.. Enumerable.Range(0, dice.Next(most + 1)).Select(make)];
}
