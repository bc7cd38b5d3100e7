using Kedge.Drivers.Programs;
using Xunit;

namespace Kedge.Tests.Drivers.Programs;

public sealed class ReadingTheProcessTable : IDisposable
{
    private readonly ProgramRunner runner = new(TimeProvider.System);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("postgres")]
    [InlineData("a) S 1 (b")]
    [InlineData("(sd-pam)")]
    [InlineData("tricky )) 1 2")]
    [InlineData("new\nline")]
    public void A_name_may_hold_anything(string name)
    {
        var stat = ProcessStat.Parse($"4711 ({name}) T 12 13 14 34816 4711 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2 3\n");
        Assert.Equal(new ProcessStat(new(4711, 987654), name, 'T', 12, 13, 14), stat);
        Assert.True(stat.IsStopped);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4711 no name S 1 2 3")]
    [InlineData("4711 (cut off) S 1 2 3")]
    public void Anything_else_is_not_taken_for_a_process(string line) =>
        Assert.Throws<FormatException>(() => ProcessStat.Parse(line));

    [Fact]
    public void Whose_a_process_or_a_file_is()
    {
        Assert.Equal(0u, Owners.OfProcess(1));
        Assert.Equal(0u, Owners.OfFile("/etc/passwd"));
        Assert.Equal(Owners.OfProcess(Environment.ProcessId), Owners.OfFile(folder["."]));
        Assert.Null(Owners.OfFile(folder["nothing"]));
        Assert.Null(Owners.OfProcess(int.MaxValue));
    }

    [Fact]
    public async Task A_zombie_is_dead()
    {
        // The shell becomes a program that never reaps the child that the shell had started; only then the child ends.
        var pid = await StartAsync(
            $"(while read -r name < /proc/$$/comm && [ \"$name\" != sleep ]; do :; done) & echo $! > {folder["zombie"]}; exec sleep 1000");
        var text = await Eventually.SomeAsync(
            () => File.Exists(folder["zombie"]) && File.ReadAllText(folder["zombie"]) is var t && t.EndsWith('\n') ? t : null, "the pid");
        await Eventually.HoldsAsync(() => ProcessStat.Read(int.Parse(text)) is { State: 'Z' }, "a zombie");
        var zombie = ProcessStat.Read(int.Parse(text))!;
        Assert.False(ProcessTable.IsAlive(zombie.Identity));
        Assert.False(ProcessTable.Signal(zombie.Identity, 9));
        Assert.DoesNotContain(ProcessTable.Descendants(pid.Pid), p => p.Pid == zombie.Pid);
        ProcessTable.KillTree(pid);
    }

    [Fact]
    public async Task A_number_that_was_given_out_again_is_another_process()
    {
        var pid = await StartAsync("exec sleep 1000");
        var earlier = pid with { Started = pid.Started - 1 };
        Assert.False(ProcessTable.IsAlive(earlier));
        Assert.False(ProcessTable.Signal(earlier, 9));
        Assert.Empty(ProcessTable.KillTree(earlier));
        Assert.True(ProcessTable.IsAlive(pid));
        ProcessTable.KillTree(pid);
    }

    [Fact]
    public async Task A_tree_is_killed_with_what_is_stopped_and_what_goes_on_forking()
    {
        var pid = await StartAsync($"""
            echo $$ >> {folder["pids"]}
            sh -c 'echo $$ >> {folder["pids"]}; kill -STOP $$' &
            setsid sh -c 'echo $$ >> {folder["pids"]}; sh -c "while true; do sleep 0.001 & done" & echo $! >> {folder["pids"]}; wait' &
            wait
            """);
        await Eventually.HoldsAsync(() => File.Exists(folder["pids"]) && File.ReadLines(folder["pids"]).Count() == 4, "the tree");
        var killed = ProcessTable.KillTree(pid);
        Assert.True(await ProcessTable.WaitForEndAsync(killed, TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None));
        Assert.All(File.ReadLines(folder["pids"]).Select(int.Parse), p => Assert.True(ProcessStat.Read(p) is not { IsDead: false }));
    }

    [Fact]
    public async Task Processes_are_found_by_the_folder_that_they_work_in()
    {
        Directory.CreateDirectory(folder["data/base"]);
        Directory.CreateDirectory(folder["data2"]);
        var inside = await StartAsync($"cd {folder["data/base"]} && exec sleep 1000");
        var beside = await StartAsync($"cd {folder["data2"]} && exec sleep 1000");
        await Eventually.HoldsAsync(() => ProcessTable.InFolder(folder["data"]).Any(p => p.Name == "sleep")
            && ProcessTable.InFolder(folder["data2"]).Any(p => p.Name == "sleep"), "both at their place");
        Assert.Equal(inside, Assert.Single(ProcessTable.InFolder(folder["data"] + "/")).Identity);
        ProcessTable.KillTree(inside);
        ProcessTable.KillTree(beside);
    }

    [Fact]
    public async Task Waiting_for_an_end_that_does_not_come_says_so()
    {
        var pid = await StartAsync("exec sleep 1000");
        Assert.False(await ProcessTable.WaitForEndAsync([pid], TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None));
        ProcessTable.KillTree(pid);
        Assert.True(await ProcessTable.WaitForEndAsync([pid], TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None));
    }

    private async Task<ProcessIdentity> StartAsync(string script)
    {
        var pid = await runner.StartDetachedAsync(
            new() { Arguments = ["sh", "-c", script], Timeout = Timeout.InfiniteTimeSpan }, folder["log"], CancellationToken.None);
        return ProcessStat.Read(pid)!.Identity;
    }
}
