using System.Runtime.CompilerServices;
using Kedge.Drivers;
using Kedge.Drivers.Systemd;
using Xunit;

namespace Kedge.Tests.Drivers.Systemd;

/// <summary>The folder Shown holds what <c>systemctl show</c> of systemd 252 printed for units in these states.</summary>
public sealed class ReadingWhatSystemctlShows
{
    [Theory]
    [InlineData("running", "active (running), process 308")]
    [InlineData("everything", "active (running), process 308")]
    [InlineData("killed", "failed (failed), result signal, status 9")]
    [InlineData("failing", "failed (failed), result exit-code, status 3")]
    [InlineData("restarting", "activating (auto-restart)")]
    [InlineData("starting", "activating (start), process 325")]
    [InlineData("stubborn", "deactivating (stop-sigterm), process 315")]
    [InlineData("once", "active (exited)")]
    [InlineData("target", "active (active)")]
    [InlineData("broken", "bad-setting")]
    [InlineData("masked", "masked")]
    [InlineData("nosuch", "not-found")]
    public void Each_state_is_told_in_a_line(string name, string line) => Assert.Equal(line, Shown(name).ToString());

    [Fact]
    public void Only_what_neither_runs_nor_changes_is_down()
    {
        string[] down = [.. All().Where(name => Shown(name).IsDown).Order(StringComparer.Ordinal)];
        Assert.Equal(["broken", "failing", "killed", "masked", "nosuch"], down);
    }

    [Fact]
    public void Only_what_has_come_up_is_active()
    {
        string[] active = [.. All().Where(name => Shown(name).IsActive).Order(StringComparer.Ordinal)];
        Assert.Equal(["everything", "once", "running", "target"], active);
    }

    [Theory]
    [InlineData("")]
    [InlineData("LoadState=loaded\nSubState=running\n")]
    [InlineData("Failed to connect to bus: No such file or directory\n")]
    public void Anything_else_is_refused(string output) => Assert.Throws<DriverException>(() => UnitState.Parse(output));

    private static IEnumerable<string> All() => Directory.GetFiles(Folder()).Select(f => Path.GetFileNameWithoutExtension(f));

    private static UnitState Shown(string name) => UnitState.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".txt")));

    private static string Folder([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "Shown");
}
