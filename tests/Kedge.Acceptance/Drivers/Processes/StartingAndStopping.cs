using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Kedge.Plan.Model;
using Xunit;

namespace Kedge.Acceptance.Drivers.Processes;

public sealed class StartingAndStopping : IAsyncDisposable
{
    private readonly ProcessWorld world = new();
    private readonly int port = SmallServer.FreePort();

    public static bool IsRoot => Environment.IsPrivilegedProcess;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task A_service_is_stopped_then_runs_then_is_stopped_again()
    {
        var service = world.Instance(Server());
        await SeenAsync(service, InstanceState.Stopped, $"no process of it runs, http://127.0.0.1:{port}/ready does not answer: Connection refused");
        await ActAsync("start", service);
        var pid = Assert.Single(world.Alive()).Pid;
        await SeenAsync(service, InstanceState.Running, $"process {pid} runs, http://127.0.0.1:{port}/ready answers 200");
        Assert.Equal($"process {pid} runs; stopped by SIGTERM", await ActAsync("stop", service));
        Assert.Empty(world.Alive());
        Assert.Equal("nothing of it ran", await ActAsync("stop", service));
    }

    [Fact]
    public async Task A_service_that_runs_without_answering_properly_is_failing()
    {
        var service = world.Instance(new(Server()) { ["environment"] = new Dictionary<string, string>(SmallServer.Environment(port)) { [SmallServer.Status] = "503" } });
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var starting = world.Driver.Actions["start"].ActAsync(SmallPlan.Step(service, service.Options), patience.Token);
        await Until(() => File.Exists(world.Log) && File.ReadAllText(world.Log).Contains("serving", StringComparison.Ordinal));
        await SeenAsync(service, InstanceState.Failing, $"process {world.Alive()[0].Pid} runs, http://127.0.0.1:{port}/ready answers 503");
        Assert.False(starting.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    [Fact]
    public async Task Kedge_finds_its_process_again_after_a_restart()
    {
        var service = world.Instance(Server());
        await ActAsync("start", service);
        Assert.Equal(InstanceState.Running, (await world.NewDriver().ObserveAsync(service, Cancellation)).State);
    }

    [Theory]
    [InlineData("starting\n")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_process_that_could_not_be_noted_is_found_and_not_started_twice(string? note)
    {
        var service = world.Instance(Server());
        await ActAsync("start", service);
        var pid = Assert.Single(world.Alive()).Pid;
        if (note is null)
        {
            File.Delete(world.PidFile);
        }
        else
        {
            File.WriteAllText(world.PidFile, note);
        }

        Assert.Equal(InstanceState.Running, (await world.Driver.ObserveAsync(service, Cancellation)).State);
        Assert.Equal($"process {pid} ran already", await ActAsync("start", service));
        Assert.Equal(pid, Assert.Single(world.Alive()).Pid);
        Assert.Equal($"process {pid} runs; stopped by SIGTERM", await ActAsync("stop", service));
    }

    [Fact]
    public async Task A_process_that_has_been_given_the_same_number_is_neither_taken_for_it_nor_killed()
    {
        var service = world.Instance(Server());
        await ActAsync("start", service);
        var stranger = await StrangerAsync();
        var lines = File.ReadAllLines(world.PidFile);
        await world.KillAllAsync();
        Directory.CreateDirectory(world.StateFolder);
        File.WriteAllText(world.PidFile, $"{stranger.Pid}\n{lines[1]}\n");

        Assert.Equal(InstanceState.Stopped, (await world.Driver.ObserveAsync(service, Cancellation)).State);
        Assert.Equal("nothing of it ran", await ActAsync("stop", service));
        Assert.StartsWith("started as process", await ActAsync("start", service), StringComparison.Ordinal);
        Assert.True(ProcessTable.IsAlive(stranger));
        ProcessTable.KillTree(stranger);
    }

    [Fact]
    public async Task A_number_noted_before_the_last_boot_means_nothing()
    {
        var service = world.Instance(Server());
        var stranger = await StrangerAsync();
        Directory.CreateDirectory(world.StateFolder);
        File.WriteAllText(world.PidFile, $"{stranger.Pid}\n{stranger.Started} 00000000-0000-0000-0000-000000000000\n");
        Assert.Equal(InstanceState.Stopped, (await world.Driver.ObserveAsync(service, Cancellation)).State);
        Assert.Equal("nothing of it ran", await ActAsync("stop", service));
        Assert.True(ProcessTable.IsAlive(stranger));
        ProcessTable.KillTree(stranger);
    }

    [Fact]
    public async Task A_hanging_service_is_failing_and_is_stopped_for_good_without_waking_it()
    {
        var service = world.Instance(Trapping($"echo woken > {world["woken"]}; exit 0"));
        await ActAsync("start", service);
        var main = world.Alive().Single(p => p.Pid == p.Session);
        await HangAsync(main.Identity);
        await SeenAsync(service, InstanceState.Failing, $"process {main.Pid} is there, but a signal has stopped it");
        Assert.EndsWith("killed by SIGKILL", await ActAsync("stop", service), StringComparison.Ordinal);
        Assert.Empty(world.Alive());
        Assert.False(File.Exists(world["woken"]));
    }

    [Fact]
    public async Task A_hanging_service_that_must_be_started_is_replaced()
    {
        var service = world.Instance(Server());
        await ActAsync("start", service);
        var hanging = Assert.Single(world.Alive());
        await HangAsync(hanging.Identity);
        var report = await ActAsync("start", service);
        Assert.Equal($"killed {hanging.Pid} of an earlier start; started as process {Assert.Single(world.Alive()).Pid}", report);
        Assert.Equal(InstanceState.Running, (await world.Driver.ObserveAsync(service, Cancellation)).State);
    }

    [Fact]
    public async Task It_stops_politely_by_the_signal_of_the_plan()
    {
        var service = world.Instance(new(Trapping($"echo bye > {world["bye"]}; exit 0", "INT")) { ["stop-signal"] = "INT" });
        await ActAsync("start", service);
        Assert.EndsWith("; stopped by SIGINT", await ActAsync("stop", service), StringComparison.Ordinal);
        Assert.Equal("bye\n", File.ReadAllText(world["bye"]));
    }

    [Fact]
    public async Task One_that_does_not_stop_is_killed_with_all_that_it_has_started()
    {
        var script = world.Script("stubborn", """
            #!/bin/sh
            trap '' TERM
            setsid sh -c 'trap "" TERM; while true; do sleep 1; done' &
            sh -c 'trap "" TERM; while true; do sleep 1; done' &
            while true; do sleep 1; done
            """);
        var service = world.Instance(new() { ["run"] = new[] { script }, ["ready-after"] = "200ms", ["stop-timeout"] = "300ms" });
        await ActAsync("start", service);
        await Until(() => world.Alive().Count(p => p.Name is "sh" or "stubborn") >= 3);
        Assert.EndsWith("; killed by SIGKILL", await ActAsync("stop", service), StringComparison.Ordinal);
        Assert.Empty(world.Alive());
    }

    [Fact]
    public async Task At_a_lost_site_nobody_waits_for_a_long_stop()
    {
        var service = world.Instance(new(Trapping("true")) { ["stop-timeout"] = "100s" });
        await ActAsync("start", service);
        var fence = world.Driver.Contract.Find("stop-old")!;
        Assert.False(fence.Required);
        Assert.Equal(1, fence.Attempts);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        Assert.EndsWith("; killed by SIGKILL", await world.Driver.Actions["stop-old"].ActAsync(
            SmallPlan.Step(service, service.Options), limit.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_dead_service_has_left_running_does_not_stand_in_the_way_of_the_next()
    {
        var script = world.Script("parent", $"""
            #!/bin/sh
            sleep 1000 &
            echo $! > {world["child"]}
            exec sleep 1000
            """);
        var service = world.Instance(new() { ["run"] = new[] { script }, ["ready-after"] = "100ms" });
        await ActAsync("start", service);
        var child = int.Parse(File.ReadAllText(world["child"]));
        var main = world.Alive().Single(p => p.Pid == p.Session);
        ProcessTable.Signal(main.Identity, 9);
        await Until(() => !ProcessTable.IsAlive(main.Identity));

        Assert.Equal(JudgementKind.NotYet, (await world.Driver.Actions["stop"].JudgeAsync(SmallPlan.Step(service, service.Options), Cancellation)).Kind);
        Assert.StartsWith($"killed {child} of an earlier start; started", await ActAsync("start", service), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Kedge_has_not_started_counts_as_serving_but_cannot_be_stopped()
    {
        await using var other = new ProcessWorld();
        var elsewhere = other.Instance(Server());
        await other.Driver.Actions["start"].ActAsync(SmallPlan.Step(elsewhere, elsewhere.Options), Cancellation);

        var service = world.Instance(Server());
        var step = SmallPlan.Step(service, service.Options);
        Assert.Equal(
            Judgement.Done($"http://127.0.0.1:{port}/ready answers 200, but Kedge has not started what answers there"),
            await world.Driver.Actions["start"].JudgeAsync(step, Cancellation));
        Assert.Equal(
            Judgement.Impossible($"http://127.0.0.1:{port}/ready answers 200, but Kedge has not started what answers there",
                "stop it by whatever has started it, then retry the step"),
            await world.Driver.Actions["stop"].JudgeAsync(step, Cancellation));
    }

    [Fact]
    public async Task One_that_ends_at_once_is_reported_with_its_last_words_but_not_its_secrets()
    {
        File.WriteAllText(world["secret"], "s3cr3t-value\n");
        File.SetUnixFileMode(world["secret"], UnixFileMode.UserRead);
        var script = world.Script("broken", "#!/bin/sh\necho first\necho \"cannot log in with $DB_PASSWORD\" >&2\nexit 1\n");
        var service = world.Instance(new() { ["run"] = new[] { script }, ["secrets"] = new { DB_PASSWORD = $"file:{world["secret"]}" } });
        var failure = await Assert.ThrowsAsync<DriverException>(() => ActAsync("start", service));
        Assert.Equal($"'{script}' ended before it was ready; it printed last: cannot log in with ***", failure.Message);
        Assert.False(failure.OutcomeUnknown);
        Assert.Equal("first\ncannot log in with s3cr3t-value\n", File.ReadAllText(world.Log));
        Assert.Equal(InstanceState.Stopped, (await world.Driver.ObserveAsync(service, Cancellation)).State);
    }

    [Fact]
    public async Task It_gets_its_folder_its_environment_and_its_secrets()
    {
        File.WriteAllText(world["secret"], "s3cr3t-value\n");
        File.SetUnixFileMode(world["secret"], UnixFileMode.UserRead);
        var script = world.Script("show", "#!/bin/sh\npwd\nenv | sort\nexec sleep 1000\n");
        var service = world.Instance(new()
        {
            ["run"] = new[] { script },
            ["folder"] = world["."],
            ["environment"] = new { COLOUR = "blue" },
            ["secrets"] = new { DB_PASSWORD = $"file:{world["secret"]}" },
            ["log"] = world["output"],
            ["pid-file"] = world["run/pid"],
            ["ready-after"] = "100ms",
        });
        await ActAsync("start", service);
        await Until(() => File.ReadAllText(world["output"]).Contains("PWD=", StringComparison.Ordinal));
        Assert.Equal(
            [Path.GetDirectoryName(world["x"])!, "COLOUR=blue", "DB_PASSWORD=s3cr3t-value", "HOME", $"KEDGE_PID_FILE={world["run/pid"]}", "LANG=C.UTF-8", "PATH", "PWD"],
            File.ReadLines(world["output"]).Select(l => l.Split('=') is ["HOME" or "PATH" or "PWD", _] parts ? parts[0] : l));
        Assert.Equal($"{ProcessTable.WithEnvironment("KEDGE_PID_FILE", world["run/pid"])[0].Pid}", File.ReadLines(world["run/pid"]).First());
        await ActAsync("stop", service);
    }

    [Fact(Skip = "needs root, to become another user", SkipUnless = nameof(IsRoot))]
    public async Task It_runs_as_its_user_and_is_stopped_by_Kedge()
    {
        var service = world.Instance(new() { ["run"] = new[] { "sleep", "1000" }, ["user"] = "nobody", ["ready-after"] = "100ms" });
        await ActAsync("start", service);
        var pid = Assert.Single(world.Alive()).Pid;
        Assert.Contains("Uid:\t65534\t65534\t65534\t65534", File.ReadAllText($"/proc/{pid}/status"), StringComparison.Ordinal);
        Assert.Equal($"process {pid} runs; stopped by SIGTERM", await ActAsync("stop", service));
    }

    [Fact]
    public async Task Another_program_in_its_place_is_a_changed_fact()
    {
        var script = world.Script("service", "#!/bin/sh\nexec sleep 1000\n");
        var service = world.Instance(new() { ["run"] = new[] { script } });
        var before = (await world.Driver.ObserveAsync(service, Cancellation)).Facts;
        Assert.Equal(script, before["program"]);
        world.Script("service", "#!/bin/sh\nexec sleep 2000 # newer\n");
        Assert.NotEqual(before["program-sha256"], (await world.Driver.ObserveAsync(service, Cancellation)).Facts["program-sha256"]);
    }

    [Fact]
    public async Task A_port_that_accepts_connections_is_enough_where_the_plan_says_so()
    {
        var service = world.Instance(new() { ["run"] = new[] { SmallServer.Program }, ["environment"] = SmallServer.Environment(port), ["ready-port"] = port });
        await ActAsync("start", service);
        await SeenAsync(service, InstanceState.Running, $"process {world.Alive()[0].Pid} runs, 127.0.0.1:{port} accepts connections");
    }

    [Fact]
    public void A_reader_of_the_plan_is_told_what_to_mend()
    {
        var options = new Dictionary<string, object>
        {
            ["run"] = new[] { "true" },
            ["folder"] = "shop",
            ["log"] = "shop.log",
            ["pid-file"] = "/run/shop.pid",
            ["ready-url"] = "127.0.0.1:8080/ready",
            ["ready-port"] = 8080,
            ["stop-timeout"] = "110s",
            ["secrets"] = new { DB_PASSWORD = "hunter2" },
            ["environment"] = new { API_TOKEN = "abc", COLOUR = "blue" },
        };
        var west = new Dictionary<string, object> { ["run"] = new[] { "true" }, ["pid-file"] = "/run/shop.pid" };
        Assert.Equal("""
            error process.path-not-absolute services.shop.components.thing.at.east.folder
              'shop' is not an absolute path.
              Begin it with a slash.
            error process.path-not-absolute services.shop.components.thing.at.east.log
              'shop.log' is not an absolute path.
              Begin it with a slash.
            error process.not-an-http-address services.shop.components.thing.at.east.ready-url
              '127.0.0.1:8080/ready' is not an HTTP address.
              Write `http://HOST:PORT/PATH`.
            error process.ready-twice services.shop.components.thing.at.east.ready-port
              Both `ready-url` and `ready-port` are given.
              Keep one of them.
            error process.stop-too-long services.shop.components.thing.at.east.stop-timeout
              1m50s is too long: no time is left to kill it.
              Write less than 1m50s.
            error process.secret-in-plan services.shop.components.thing.at.east.secrets
              `DB_PASSWORD` holds no reference to a secret.
              Write `DB_PASSWORD: env:NAME` or `DB_PASSWORD: file:PATH`.
            warning process.secret-in-environment services.shop.components.thing.at.east.environment
              `API_TOKEN` looks like a secret, and the plan is no place for one.
              Move it to `secrets`, as `API_TOKEN: env:NAME` or `API_TOKEN: file:PATH`.
            warning process.ready-unknown services.shop.components.thing.at.west
              Nothing tells when it is ready: it counts as started once it has run for 1s.
              Add `ready-url` or `ready-port`.
            error process.pid-file-shared services.shop.components.thing.at.west.pid-file
              '/run/shop.pid' is the `pid-file` at east and at west.
              Give each instance its own, or leave the option out.

            """, SmallPlan.Problems(world.Driver.Contract, options, west));
    }

    private Dictionary<string, object> Server() => new()
    {
        ["run"] = new[] { SmallServer.Program },
        ["environment"] = SmallServer.Environment(port),
        ["ready-url"] = $"http://127.0.0.1:{port}/ready",
    };

    private Dictionary<string, object> Trapping(string reaction, string signal = "TERM")
    {
        var script = world.Script("trapping", $"#!/bin/sh\ntrap '{reaction}' {signal}\necho ready > {world["trapped"]}\nwhile true; do sleep 0.01; done\n");
        return new() { ["run"] = new[] { script }, ["ready-after"] = "300ms" };
    }

    private Task<string> ActAsync(string action, InstanceContext instance) =>
        world.Driver.Actions[action].ActAsync(SmallPlan.Step(instance, instance.Options, RunKind.Switchover), Cancellation);

    private async Task SeenAsync(InstanceContext instance, InstanceState state, string summary)
    {
        var seen = await world.Driver.ObserveAsync(instance, Cancellation);
        Assert.Equal((state, summary), (seen.State, seen.Summary));
        Assert.True(seen.Reachable);
    }

    /// <summary>A process that has nothing to do with the service, in a session of its own.</summary>
    private async Task<ProcessIdentity> StrangerAsync()
    {
        var pid = await new ProgramRunner(TimeProvider.System).StartDetachedAsync(
            new() { Arguments = ["sleep", "1000"], Timeout = Timeout.InfiniteTimeSpan }, world["stranger"], Cancellation);
        return ProcessStat.Read(pid)!.Identity;
    }

    private static Task HangAsync(ProcessIdentity process)
    {
        ProcessTable.Signal(process, 19);
        return Until(() => ProcessStat.Read(process.Pid) is { IsStopped: true });
    }

    private static async Task Until(Func<bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), "never came about");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }
    }
}
