using Kedge.Plan;
using Kedge.Plan.Language;
using Kedge.Tests.Golden;
using Xunit;

namespace Kedge.Tests.Plan;

/// <summary>Every rule is broken once or more, and prints exactly what the golden file of that name says.</summary>
public class EachRulePrints
{
    // The name begins with the code that must be printed; then what is replaced in the sound plan by what.
    private static readonly string[][] Cases =
    [
        ["KP002 a bracket is left open", "recovery: [west]", "recovery: [west"],
        ["KP002 a quotation mark is left open", "title: Ordering", "title: \"Ordering"],
        ["KP002 a colon too many", "title: Ordering", "title: Ordering: books"],
        ["KP002 a tab indents", "    title: Ordering", "\ttitle: Ordering"],
        ["KP002 two slips and an unknown key elsewhere", "title: Ordering", "title: Ordering: books", "catalogue.service }, west: { unit: catalogue.service } } }", "catalogue.service }, west: { unit: catalogue.service } }", "threat: Flood", "thread: Flood"],
        ["KP003 a second document", "risks:", "---\nrisks:"],
        ["KP006 an alias of nothing", "recovery: [west]", "recovery: *sites"],
        ["KP006 an alias within what it names", "needs: [catalogue]", "needs: &loop [*loop]"],
        ["KP007 a key twice", "    title: Ordering\n", "    title: Ordering\n    title: Orders\n"],
        ["KP007 a service twice", "  catalogue:\n", "  orders:\n"],
        ["KP009 a tag", "title: Ordering", "title: !text Ordering"],
        ["KP010 a list for a mapping", "objectives: { rto: 1h }", "objectives: [rto, 1h]"],
        ["KP010 a value for a list", "recovery: [west]", "recovery: west"],
        ["KP010 a list for a value", "primary: east\n    recovery", "primary: [east]\n    recovery"],
        ["KP010 a mapping for a value", "title: Ordering", "title: { en: Ordering }"],
        ["KP010 a value for things by name", "    checks:\n      front: { driver: http, options: { url: \"http://catalogue.shop.example/\" } }", "    checks: yes"],
        ["KP010 a list as a key", "title: Ordering", "[title]: Ordering"],
        ["KP010 a need that is neither form", "needs: [{ database: across-sites }]", "needs: [{ database: at-once }]"],
        ["KP011 an unknown key of a service", "commit-after: 1h", "comit-after: 1h"],
        ["KP011 an unknown key that is like no other", "commit-after: 1h", "colour: blue"],
        ["KP011 an unknown option of a driver", "port: 5432, data: /var/lib/postgresql/15/east", "prot: 5432, data: /var/lib/postgresql/15/east"],
        ["KP011 a required option misspelt is not missing too", "east: { host: 127.0.0.11", "east: { hots: 127.0.0.11"],
        ["KP011 an unknown option of a check", "expect-status: 200", "expected-status: 200"],
        ["KP011 a comma in a text within braces", "instruction: Call the warehouse.", "instruction: Call the warehouse, and wait."],
        ["KP011 a merge key", "objectives: { rto: 1h }", "objectives: { <<: { rto: 1h } }"],
        ["KP012 the plan has no name", "plan: Harbour Books\n", ""],
        ["KP012 a service without a primary site", "    primary: east\n    recovery", "    recovery"],
        ["KP012 an option at one site", "host: 127.0.0.12, ", ""],
        ["KP012 an option of a check that names no sites", "{ url: \"http://catalogue.shop.example/\" }", "{}"],
        ["KP012 an option of a step", "instruction: Call the warehouse.", ""],
        ["KP013 a duration without a unit", "rto: 2h", "rto: 2"],
        ["KP013 a duration that is none", "rto: 2h", "rto: two hours"],
        ["KP013 a duration too fine", "confirm-every: 250ms", "confirm-every: 0.5ms"],
        ["KP013 a size without a unit", "start-guard: systemd", "start-guard: systemd, max-slot-wal-keep-size: 64"],
        ["KP013 a size that is none", "start-guard: systemd", "start-guard: systemd, max-slot-wal-keep-size: 64 megs"],
        ["KP013 a number that is none", "port: 5432, data: /var/lib/postgresql/15/west", "port: postgres, data: /var/lib/postgresql/15/west"],
        ["KP013 a number in quotation marks", "port: 5432, data: /var/lib/postgresql/15/west", "port: \"5432\", data: /var/lib/postgresql/15/west"],
        ["KP013 a flag that is none", "witness: true", "witness: yes"],
        ["KP013 a percentage that is none", "availability: 99.9%", "availability: 0.999"],
        ["KP013 a control character", "title: Ordering", "title: \"Order\\x07ing\""],
        ["KP014 not a choice", "start-guard: systemd", "start-guard: sytemd"],
        ["KP014 not a choice nor like one", "start-guard: systemd", "start-guard: hope"],
        ["KP014 not a phase", "before: switch", "before: swich"],
        ["KP015 a number too large", "port: 5432, data: /var/lib/postgresql/15/west", "port: 99999, data: /var/lib/postgresql/15/west"],
        ["KP015 a duration too short", "marker-every: 1s", "marker-every: 1ms"],
        ["KP015 a size too small", "start-guard: systemd", "start-guard: systemd, max-slot-wal-keep-size: 1MB"],
        ["KP015 a percentage too large", "availability: 99.9%", "availability: 101%"],
        ["KP015 an empty list", "on: [failover]", "on: []"],
        ["KP015 no instance", "at: { east: {}, west: {} }", "at: {}"],
        ["KP016 a name in capitals", "  catalogue:\n", "  Catalogue:\n", "needs: [catalogue]", "needs: []"],
        ["KP017 a secret in the plan", "password: env:KEDGE_PG_PASSWORD", "password: correct-horse-battery"],
        ["KP018 no value", "title: Ordering", "title:"],
        ["KP018 the word null", "title: Ordering", "title: null"],
        ["KP018 an empty text", "title: Ordering", "title: \"\""],
        ["KP019 before and after", "before: switch", "before: switch, after: promote"],
        ["KP019 neither before nor after", "before: switch, ", ""],
        ["KP020 an unknown recovery site", "recovery: [west]", "recovery: [wset]"],
        ["KP020 an unknown primary site", "primary: east\n    objectives", "primary: north\n    objectives"],
        ["KP020 an instance at an unknown site", "at: { east: {}, west: {} }", "at: { east: {}, vest: {} }"],
        ["KP020 recovered by an unknown site", "recovered-by: [east]", "recovered-by: [eats]"],
        ["KP021 an unknown service", "needs: [catalogue]", "needs: [catalog]"],
        ["KP022 an unknown component", "needs: [{ database: across-sites }]", "needs: [databse]"],
        ["KP023 an unknown driver", "driver: postgres", "driver: postgresql"],
        ["KP024 a component of a driver for steps", "driver: process", "driver: manual"],
        ["KP024 a check of a driver that cannot", "      front: { driver: http", "      front: { driver: dns"],
        ["KP025 recovery at a witness", "recovery: [west]", "recovery: [hill]"],
        ["KP025 a witness with a fence", "hill: { witness: true }", "hill: { witness: true, fence: [/bin/cut] }"],
        ["KP026 components in a circle", "redundancy: 2\n        options: { user", "redundancy: 2\n        needs: [address]\n        options: { user"],
        ["KP026 a component that needs itself", "needs: [web]", "needs: [address]"],
        ["KP027 services in a circle", "    primary: east\n    objectives", "    primary: east\n    needs: [orders]\n    objectives"],
        ["KP028 a site recovered by itself", "recovered-by: [west]", "recovered-by: [east, west]"],
        ["KP029 the primary site among the recovery sites", "recovery: [west]", "recovery: [east, west]"],
        ["KP030 a recovery site twice", "recovery: [west]", "recovery: [west, west]"],
        ["KP030 a need twice", "needs: [web]", "needs: [web, web]"],
        ["KP030 a person twice", "name: Duty engineer", "name: Operations manager"],
        ["KP030 a login twice", "login: duty", "login: ops"],
        ["KP030 a step twice", "    steps:\n", "    steps:\n      - { name: tell-warehouse, after: verify, on: [drill], driver: manual, options: { instruction: Wait. } }\n"],
        ["KP031 too few approvers", "needed: 1\n", "needed: 3\n"],
        ["KP032 proceed without a fence", "after-deadline: escalate", "after-deadline: proceed", "    fence: [/usr/local/sbin/cut-power, west]\n", ""],
        ["KP033 proceed although something else may start the data", "after-deadline: escalate", "after-deadline: proceed", ", start-guard: systemd", ""],
        ["KP034 an accepted error", "risks:", "accept: [{ warning: KP012, at: services, because: It is meant. }]\nrisks:"],
        ["KP034 an accepted word", "risks:", "accept: [{ warning: spof, at: services, because: It is meant. }]\nrisks:"],
        ["KP040 one unit", "redundancy: 2\n        needs", "redundancy: 1\n        needs"],
        ["KP040 no redundancy stated", "redundancy: 2\n        needs", "needs"],
        ["KP041 at one site only", "at: { east: {}, west: {} }", "at: { east: {} }"],
        ["KP042 a recovery site lacks a component", "recovery: [west]", "recovery: [west, north]", "  hill: {", "  north: {}\n  hill: {"],
        ["KP043 a time-to-live as long as the objective", "ttl: 1s", "ttl: 2h"],
        ["KP044 replication that may lose too much", "rpo: 5m", "rpo: 0s", "marker-every: 1s", "marker-every: 100ms"],
        ["KP044 data at one site", "          west: { host: 127.0.0.12, port: 5432, data: /var/lib/postgresql/15/west }\n", ""],
        ["KP045 no objectives", "    objectives: { rto: 2h, rpo: 5m, mtd: 24h, availability: 99.9% }\n", ""],
        ["KP045 data without an RPO", "rpo: 5m, ", ""],
        ["KP046 no checks", "    checks:\n      front: { driver: http, options: { url: \"http://catalogue.shop.example/\" } }\n", ""],
        ["KP046 no check at the recovery site", ", west: { url: \"http://127.0.0.12:8080/ready\" }", ""],
        ["KP047 an approver that nobody is", "approvers: [decides]", "approvers: [decides, deicdes]"],
        ["KP048 an approver without a login", "name: Operations manager, login: ops", "name: Operations manager"],
        ["KP049 no recovery", "recovered-by: [west]", "recovered-by: []"],
        ["KP050 disruption shorter than recovery", "mtd: 24h", "mtd: 1h"],
        ["KP051 no time at all", "rto: 1h", "rto: 0s"],
        ["KP051 a loss of no data", "rto: 1h", "rto: 1h, rpo: 5m"],
        ["KP051 an availability that one outage breaks", "availability: 99.9%", "availability: 99.99%"],
        ["KP052 slow checks", "every: 1s\n        timeout: 1s", "every: 1h\n        timeout: 30m"],
        ["KP052 a decision as long as the objective", "deadline: 15m", "deadline: 2h"],
        ["KP053 a slower service is needed", "rto: 1h", "rto: 4h"],
        ["KP053 a service without an objective is needed", "    objectives: { rto: 1h }\n", ""],
        ["KP054 nobody decides", "decision:\n  approvers: [decides]\n  needed: 1\n  deadline: 15m\n  after-deadline: escalate\n", ""],
        ["KP055 proceed without a deadline", "  deadline: 15m\n  after-deadline: escalate", "  after-deadline: proceed"],
        ["KP056 an instance and a check that are never used", "    recovery: [west]\n", "    recovery: [north]\n", "  hill: {", "  north: {}\n  hill: {"],
        ["KP057 an acceptance of nothing", "risks:", "accept: [{ warning: KP040, at: services.orders, because: It is meant. }]\nrisks:"],
        ["KP058 markers too rare", "marker-every: 1s", "marker-every: 10m"],
        ["postgres.boot-start something else may start the data", ", start-guard: systemd", ""],
        ["http.url a remark on a check", "\"http://catalogue.shop.example/\"", "catalogue"],
        ["http.url a remark on a check at a site", "\"http://127.0.0.12:8080/ready\"", "127.0.0.12"],
        ["http.url a remark on a step", "driver: manual, options: { instruction: Call the warehouse. }", "driver: http, options: { url: warehouse }"],
        ["postgres.unit-missing an error of the driver", "start-guard: systemd", "start-guard: systemd, manage: systemd"],
        ["KP011 many things at once", "plan: Harbour Books", "plan:", "title: Ordering", "tilte: Ordering", "rto: 2h", "rto: 2", "driver: postgres", "driver: postgre", "needs: [web]", "needs: [wbe]", "recovered-by: [west]", "recovered-by: west"],
    ];

    public static TheoryData<string> Names => [.. Cases.Select(c => c[0])];

    /// <summary>The sound plan, broken as a case says.</summary>
    internal static string Broken(string name) => SoundPlan.With(Cases.Single(c => c[0] == name)[1..]);

    [Fact]
    public void The_sound_plan_prints_nothing() => Assert.Empty(SoundPlan.Read(SoundPlan.Text).Problems);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_wrong_and_how_to_mend_it(string name)
    {
        var reading = SoundPlan.Read(Broken(name));

        Assert.Contains(reading.Problems, p => p.Code == name.Split(' ')[0]);
        Assert.Equal(reading.Problems.Any(p => p.IsError), reading.Plan is null);
        GoldenFile.Matches(Printed(reading), $"{name.Replace(' ', '-')}.txt");
    }

    [Fact]
    public void Rules_about_files_and_drivers_print_too()
    {
        var folder = Directory.CreateTempSubdirectory("kedge-plan-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "10-sites.yaml"), "plan: Two files\nsites: { east: {}, west: {} }\n");
            File.WriteAllText(Path.Combine(folder.FullName, "20-more.yaml"), "plan: The same again\nsites: { west: {} }\n");
            File.WriteAllBytes(Path.Combine(folder.FullName, "30-latin.yaml"), [(byte)'#', 0xE9, (byte)'\n']);
            Matches(PlanFiles.Load(folder.FullName), "KP008 two files say the same", folder.FullName + "/");
            Matches(PlanFiles.Load(Path.Combine(folder.FullName, "none.yaml")), "KP001 no such file", folder.FullName + "/");
            Matches(PlanFiles.Load(folder.CreateSubdirectory("empty").FullName), "KP001 no files", folder.FullName + "/");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Matches([new("kedge.yaml", "# nothing yet\n")], "KP004 an empty file");
        Matches([new("kedge.yaml", new string('[', 100))], "KP005 too deep");
        Matches([new("kedge.yaml", Laughs())], "KP005 too much behind aliases");
        Matches([new("kedge.yaml", "- plan\n- sites\n")], "KP010 a list for the plan");

        var failing = SampleContracts.All.Select(c => c.Kind == "systemd" ? c with { Review = _ => throw new FormatException("no") } : c).ToList();
        var reading = new PlanReader(failing).Read([new("kedge.yaml", SoundPlan.Text)]);
        GoldenFile.Matches(Printed(reading), "KP035-a-driver-fails.txt");
    }

    [Fact]
    public void Every_code_is_printed_by_one_of_these()
    {
        var printed = Directory.GetFiles(GoldenFolder()).SelectMany(f => File.ReadAllText(f).Split(' ', ':')).ToHashSet();

        Assert.All(ProblemCode.All, c => Assert.Contains(c.Code, printed));
    }

    [Fact]
    public void A_secret_is_never_printed()
    {
        var reading = SoundPlan.Read(SoundPlan.With("password: env:KEDGE_PG_PASSWORD", "password: correct-horse-battery"));

        Assert.DoesNotContain("horse", Printed(reading), StringComparison.Ordinal);
    }

    private static void Matches(IReadOnlyList<PlanSource> sources, string name, string folder = "")
    {
        var reading = new PlanReader(SampleContracts.All).Read(sources);
        Assert.Contains(reading.Problems, p => p.Code == name.Split(' ')[0]);
        Assert.Null(reading.Plan);
        var printed = folder.Length > 0 ? Printed(reading).Replace(folder, "", StringComparison.Ordinal) : Printed(reading);
        GoldenFile.Matches(printed, $"{name.Replace(' ', '-')}.txt");
    }

    private static string Printed(PlanReading reading) => string.Concat(reading.Problems.Select(p => $"{p}\n"));

    private static string GoldenFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "Golden");

    private static string Laughs()
    {
        var text = new System.Text.StringBuilder("plan: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
        for (var i = 1; i < 10; i++)
        {
            text.Append($"k{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        return text.ToString();
    }
}
