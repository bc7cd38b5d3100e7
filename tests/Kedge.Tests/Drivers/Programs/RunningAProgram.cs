using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Xunit;

namespace Kedge.Tests.Drivers.Programs;

public sealed class RunningAProgram : IDisposable
{
    private const string SkipReason = "needs root, to become another user";

    private readonly ProgramRunner runner = new(TimeProvider.System);
    private readonly TemporaryFolder folder = new();

    public static bool IsRoot => Environment.UserName == "root";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Output_of_both_kinds_and_the_exit_code_come_back()
    {
        var result = await RunAsync("sh", "-c", "echo out; echo err >&2; exit 3");
        Assert.Equal((3, null, "out\nerr\n"), (result.ExitCode, result.Signal, result.Output));
    }

    [Fact]
    public async Task A_signal_is_told_from_an_exit_with_the_same_code()
    {
        var killed = await RunAsync("sh", "-c", "kill -KILL $$");
        Assert.Equal((137, 9), (killed.ExitCode, killed.Signal));
        var exited = await RunAsync("sh", "-c", "exit 137");
        Assert.Equal((137, null), (exited.ExitCode, exited.Signal));
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        string[] odd = ["$(id)", "a b", "", "*", "'\"\\", "--help", "ü\n-"];
        var result = await RunAsync(["printf", "[%s]", .. odd]);
        Assert.Equal(string.Concat(odd.Select(o => $"[{o}]")), result.Output);
    }

    [Fact]
    public async Task The_environment_is_small_and_the_same_for_whoever_starts_Kedge()
    {
        var result = await runner.RunAsync(
            Start("env") with { Environment = new Dictionary<string, string> { ["PGPASSWORD"] = "s3cret" } }, Cancellation);
        var names = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')[0]);
        Assert.Equal(["HOME", "KEDGE_STARTED_BY", "LANG", "PATH", "PGPASSWORD"], names.Order(StringComparer.Ordinal));
        Assert.Contains("PGPASSWORD=s3cret\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_in_the_folder_named_with_no_files_open_but_the_standard_three()
    {
        var result = await runner.RunAsync(
            Start("sh", "-c", "pwd; ls /proc/self/fd | wc -l; readlink /proc/self/fd/0") with { Folder = folder.Path }, Cancellation);
        // ls itself opens a fourth, to list them.
        Assert.Equal($"{folder.Path}\n4\n/dev/null\n", result.Output);
    }

    [Fact]
    public async Task Of_a_flood_of_output_the_last_64_KiB_are_kept()
    {
        var result = await RunAsync("sh", "-c", "head -c 50000000 /dev/zero | tr '\\0' 'x'; echo; echo the end");
        Assert.Equal(64 * 1024, result.Output.Length);
        Assert.EndsWith("x\nthe end\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_that_is_cut_off_begins_with_a_whole_character()
    {
        var result = await RunAsync("sh", "-c", "yes 'äöü' | head -c 700000");
        Assert.DoesNotContain('\uFFFD', result.Output[..^1]);
    }

    [Fact]
    public async Task Much_input_and_output_at_once_do_not_block_each_other()
    {
        var input = new string('y', 3_000_000);
        var result = await runner.RunAsync(Start("tee", "/dev/stderr") with { Input = input }, Cancellation);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(64 * 1024, result.Output.Length);
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_ends_as_it_likes()
    {
        var result = await runner.RunAsync(Start("true") with { Input = new string('y', 3_000_000) }, Cancellation);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_grandchild_that_keeps_the_pipe_is_not_waited_for_and_dies_with_the_program()
    {
        var result = await RunAsync("sh", "-c", "sleep 1000 & echo $!");
        await Eventually.DiesAsync(int.Parse(result.Output));
    }

    [Fact]
    public async Task A_daemon_that_has_only_just_been_started_goes_on()
    {
        // The shell ends before its child has made a session of its own.
        var result = await RunAsync("sh", "-c", "(sleep 0.05; exec setsid sleep 1000) >/dev/null 2>&1 & echo $!");
        var daemon = ProcessStat.Read(int.Parse(result.Output))!;
        await Eventually.HoldsAsync(() => ProcessStat.Read(daemon.Pid) is { } d && d.Session == d.Pid, "a session of its own");
        var killed = await RunAsync("sh", "-c", "sleep 1000 & echo $!");
        await Eventually.DiesAsync(int.Parse(killed.Output));
        Assert.True(ProcessTable.IsAlive(daemon.Identity));
        ProcessTable.KillTree(daemon.Identity);
    }

    [Fact]
    public async Task A_grandchild_goes_on_where_the_caller_wants_it_to()
    {
        var result = await runner.RunAsync(
            Start("sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!") with { KeepsChildren = true }, Cancellation);
        var left = ProcessStat.Read(int.Parse(result.Output));
        Assert.False(left!.IsDead);
        ProcessTable.KillTree(left.Identity);
    }

    [Fact]
    public async Task At_its_timeout_its_whole_session_is_killed_though_it_ignores_SIGTERM()
    {
        // With job control each background job has a process group of its own, in the same session.
        var script = folder.Script("stubborn", $"""
            #!/bin/bash
            trap '' TERM
            set -m
            sleep 1000 &
            echo $! >> {folder["pids"]}
            echo $$ >> {folder["pids"]}
            while true; do sleep 1000; done
            """);
        var running = runner.RunAsync(Start(script) with { Timeout = TimeSpan.FromSeconds(1) }, Cancellation);
        var failure = await Assert.ThrowsAsync<DriverException>(() => running);
        Assert.Equal($"'{script}' was stopped: it had not ended after 1s", failure.Message);
        Assert.True(failure.OutcomeUnknown);
        // They were sent SIGKILL; the kernel may still be at it.
        foreach (var pid in File.ReadLines(folder["pids"]))
        {
            await Eventually.DiesAsync(int.Parse(pid));
        }
    }

    [Fact]
    public async Task Cancelling_it_stops_it_politely_and_returns_once_it_is_dead()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var script = folder.Script("polite", $"""
            #!/bin/sh
            trap 'echo bye > {folder["bye"]}; exit 0' TERM
            echo $$ > {folder["pid"]}
            while true; do sleep 0.01; done
            """);
        var running = runner.RunAsync(Start(script), cancel.Token);
        await Eventually.HoldsAsync(() => File.Exists(folder["pid"]) && File.ReadAllText(folder["pid"]).EndsWith('\n'), "the pid");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("bye\n", File.ReadAllText(folder["bye"]));
        Assert.Null(ProcessStat.Read(int.Parse(File.ReadAllText(folder["pid"]))));
    }

    [Fact]
    public async Task A_stopped_program_can_be_cancelled()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = runner.RunAsync(Start("sh", "-c", $"echo $$ > {folder["pid"]}; kill -STOP $$"), cancel.Token);
        await Eventually.HoldsAsync(() => File.Exists(folder["pid"]) && int.TryParse(File.ReadAllText(folder["pid"]), out var pid)
            && ProcessStat.Read(pid) is { IsStopped: true }, "the program stopped");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task What_cannot_be_started_is_named_with_a_remedy()
    {
        var plain = folder["plain"];
        File.WriteAllText(plain, "no program");
        var orphaned = folder.Script("orphaned", "#!/no/such/interpreter\n");
        Assert.Equal(
            $"""
            program 'no-such-program' is not on PATH (/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
              install it, or give its full path
            program '/no/such/program' does not exist
              install it, or mend the path
            program '{plain}' is not executable
              chmod +x {plain}
            '{folder.Path}' is a folder, not a program
              name the program in it
            '{orphaned}' could not be started: ‘{orphaned}’: No such file or directory
              look at the permissions of the program, of its interpreter, and of the folders on the way to it

            """,
            await FailureAsync(Start("no-such-program"))
            + await FailureAsync(Start("/no/such/program"))
            + await FailureAsync(Start(plain))
            + await FailureAsync(Start(folder.Path))
            + await FailureAsync(Start(orphaned)));
        Assert.Equal(
            "folder '/no/such/folder' does not exist\n  create it, or name another one to run the program in\n",
            await FailureAsync(Start("true") with { Folder = "/no/such/folder" }));
    }

    [Fact]
    public async Task An_exit_code_like_that_of_a_failed_start_is_still_a_result()
    {
        foreach (var code in new[] { 1, 125, 126, 127 })
        {
            Assert.Equal(code, (await RunAsync("sh", "-c", $"echo /usr/bin/env: is fine >&2; echo more; exit {code}")).ExitCode);
        }
    }

    [Fact(Skip = SkipReason, SkipUnless = nameof(IsRoot))]
    public async Task Root_runs_it_as_another_user_with_that_users_groups_and_home()
    {
        var result = await runner.RunAsync(Start("sh", "-c", "id -un; id -Gn; echo $HOME") with { User = "postgres" }, Cancellation);
        var groups = await RunAsync("id", "-Gn", "postgres");
        Assert.Equal($"postgres\n{groups.Output}/var/lib/postgresql\n", result.Output);
    }

    [Fact(Skip = SkipReason, SkipUnless = nameof(IsRoot))]
    public async Task A_user_who_does_not_exist_or_may_not_go_there_is_named()
    {
        Assert.Equal(
            "there is no user 'nosuch' on this machine\n  create it (useradd --system nosuch), or name an existing one in the option 'user'\n",
            await FailureAsync(Start("true") with { User = "nosuch" }));
        var closed = Directory.CreateDirectory(folder["closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Contains("could not be started as user 'nobody': cannot change directory",
            await FailureAsync(Start("true") with { User = "nobody", Folder = closed.FullName }), StringComparison.Ordinal);
    }

    private static ProgramStart Start(params string[] arguments) =>
        new() { Arguments = arguments, Timeout = TimeSpan.FromMinutes(1) };

    private Task<ProgramResult> RunAsync(params string[] arguments) => runner.RunAsync(Start(arguments), Cancellation);

    private async Task<string> FailureAsync(ProgramStart start)
    {
        var failure = await Assert.ThrowsAsync<DriverException>(() => runner.RunAsync(start, Cancellation));
        Assert.False(failure.OutcomeUnknown);
        return $"{failure.Message}\n  {failure.Hint}\n";
    }
}
