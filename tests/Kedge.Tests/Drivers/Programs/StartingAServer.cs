using Kedge.Drivers;
using Kedge.Drivers.Programs;
using Xunit;

namespace Kedge.Tests.Drivers.Programs;

public sealed class StartingAServer : IDisposable
{
    private readonly ProgramRunner runner = new(TimeProvider.System);
    private readonly TemporaryFolder folder = new();

    public static bool IsRoot => RunningAProgram.IsRoot;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_leads_a_session_of_its_own_and_its_output_is_appended()
    {
        File.WriteAllText(folder["log"], "earlier\n");
        var pid = await StartAsync(Start("sh", "-c", "echo started; echo trouble >&2; exec sleep 1000"));
        await Eventually.HoldsAsync(() => File.ReadAllText(folder["log"]) == "earlier\nstarted\ntrouble\n", "the output");
        var stat = ProcessStat.Read(pid)!;
        Assert.Equal((pid, pid), (stat.Session, stat.Group));
        Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{pid}/fd/0", false)?.FullName);
        ProcessTable.KillTree(stat.Identity);
    }

    [Fact]
    public async Task No_zombie_is_left_when_it_ends()
    {
        var pid = await StartAsync(Start("sleep", "1000"));
        ProcessTable.KillTree(ProcessStat.Read(pid)!.Identity);
        await Eventually.HoldsAsync(() => ProcessStat.Read(pid) is null, "reaped");
    }

    [Fact(Skip = "needs root, to become another user", SkipUnless = nameof(IsRoot))]
    public async Task As_another_user_it_is_the_program_itself_that_is_returned_and_the_log_is_that_users()
    {
        var pid = await runner.StartDetachedAsync(Start("sleep", "1000") with { User = "nobody" }, folder["logs/log"], CancellationToken.None);
        var stat = ProcessStat.Read(pid)!;
        Assert.Equal("sleep", stat.Name);
        var owner = await runner.RunAsync(Start("stat", "-c", "%U %a", folder["logs/log"], folder["logs"], $"/proc/{pid}"), CancellationToken.None);
        Assert.Equal("nobody 640\nnobody 755\nnobody 555\n", owner.Output);
        ProcessTable.KillTree(stat.Identity);
    }

    [Fact]
    public async Task It_survives_the_death_of_Kedge()
    {
        var kedge = await KedgeThatIsKilled.StartAsync(
            ["sh", "-c", $"echo $$ > {folder["pid"]}; exec sleep 1000"], null, folder["out"], folder["log"]);
        var server = await PidAsync("pid");
        ProcessTable.Signal(kedge, 9);
        await Eventually.DiesAsync(kedge.Pid);
        Assert.True(ProcessTable.IsAlive(server));
        ProcessTable.KillTree(server);
    }

    [Fact]
    public Task A_program_that_is_run_dies_with_Kedge_and_what_it_had_started_can_be_swept_up() => DiesWithKedgeAsync(null);

    [Fact(Skip = "needs root, to become another user", SkipUnless = nameof(IsRoot))]
    public Task A_program_of_another_user_dies_with_Kedge_too() => DiesWithKedgeAsync("nobody");

    [Fact]
    public async Task A_log_that_is_a_link_is_refused()
    {
        File.CreateSymbolicLink(folder["log"], folder["elsewhere"]);
        var failure = await Assert.ThrowsAsync<DriverException>(() => StartAsync(Start("true")));
        Assert.StartsWith($"output file '{folder["log"]}' could not be opened", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["elsewhere"]));
    }

    [Fact(Skip = "needs root, to become another user", SkipUnless = nameof(IsRoot))]
    public async Task A_program_that_the_user_may_not_execute_is_reported_at_once()
    {
        var script = folder.Script("mine", "#!/bin/sh\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var failure = await Assert.ThrowsAsync<DriverException>(() => StartAsync(Start(script) with { User = "nobody" }));
        Assert.Equal($"'{script}' could not be started as user 'nobody': ‘{script}’: Permission denied", failure.Message);
    }

    private async Task DiesWithKedgeAsync(string? user)
    {
        var kedge = await KedgeThatIsKilled.StartAsync(
            ["sh", "-c", $"sleep 1000 & echo $! > {folder["child"]}; setsid sleep 1001 & echo $! > {folder["daemon"]}; echo $$ > {folder["pid"]}; wait"],
            user, null, folder["log"]);
        var program = await PidAsync("pid");
        var child = await PidAsync("child");
        var daemon = await PidAsync("daemon");
        await Eventually.HoldsAsync(() => ProcessStat.Read(daemon.Pid) is { } d && d.Session == d.Pid, "the daemon's own session");

        ProcessTable.Signal(kedge, 9);
        await Eventually.DiesAsync(kedge.Pid);
        await Eventually.DiesAsync(program.Pid);

        Assert.Equal(1, await Leftovers.KillAsync(kedge, TimeProvider.System, CancellationToken.None));
        Assert.False(ProcessTable.IsAlive(child));
        Assert.True(ProcessTable.IsAlive(daemon));
        ProcessTable.KillTree(daemon);
    }

    private static ProgramStart Start(params string[] arguments) =>
        new() { Arguments = arguments, Timeout = Timeout.InfiniteTimeSpan };

    private Task<int> StartAsync(ProgramStart start) => runner.StartDetachedAsync(start, folder["log"], CancellationToken.None);

    private async Task<ProcessIdentity> PidAsync(string file)
    {
        var text = await Eventually.SomeAsync(
            () => File.Exists(folder[file]) && File.ReadAllText(folder[file]) is var t && t.EndsWith('\n') ? t : null, $"a pid in {file}");
        return ProcessStat.Read(int.Parse(text))!.Identity;
    }
}
