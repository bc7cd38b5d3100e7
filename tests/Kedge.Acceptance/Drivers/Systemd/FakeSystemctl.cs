using Kedge.Drivers.Programs;
using Kedge.Drivers.Systemd;

namespace Kedge.Acceptance.Drivers.Systemd;

/// <summary>
/// A stand-in for systemctl(1), in a folder of its own, with one unit, <c>shop.service</c>. What it should do wrong is
/// written into the file <c>mood</c>.
/// </summary>
internal sealed class FakeSystemctl : IDisposable
{
    // The unit's processes get a session of their own, as those of systemd are none of systemctl's either.
    private const string Script = """
        #!/bin/sh
        here=$(dirname "$0")
        mood=$(cat "$here/mood")
        echo "$@" >> "$here/asked"
        for unit; do :; done
        for word; do
            case $word in --*) ;; *) verb=$word; break ;; esac
        done
        if [ "$mood" = not-booted ]; then
            echo "System has not been booted with systemd as init system (PID 1). Can't operate." >&2
            echo "Failed to connect to bus: Host is down" >&2
            exit 1
        fi
        pid=$(cat "$here/pid" 2>/dev/null)
        alive() { [ -n "$pid" ] && [ -d "/proc/$pid" ] && ! grep -q '^State:[[:space:]]*Z' "/proc/$pid/status"; }
        finish() { echo 0 > "$here/exit"; rm -f "$here/pid" "$here/stopping"; pid=; }
        load=loaded active=inactive sub=dead result=success status=0
        [ "$unit" = shop.service ] || load=not-found
        [ "$mood" = masked ] && load=masked
        case $verb in
        show)
            if alive; then
                active=active sub=running
                [ -e "$here/stopping" ] && active=deactivating sub=stop-sigterm
            elif [ -n "$pid" ] && ! [ -e "$here/stopping" ]; then
                active=failed sub=failed result=signal status=9 pid=0
            elif [ "$mood" = fails ] && [ -e "$here/failed" ]; then
                active=failed sub=failed result=exit-code status=3 pid=0
            else
                pid=0
            fi
            [ $load = loaded ] || { active=inactive sub=dead pid=0; }
            printf 'MainPID=%s\nResult=%s\nExecMainStatus=%s\nId=%s\nLoadState=%s\nActiveState=%s\nSubState=%s\nFragmentPath=%s\nUnitFileState=disabled\n' \
                "${pid:-0}" $result $status "$unit" $load $active $sub "$here/shop.service"
            ;;
        start)
            [ $load = loaded ] || { echo "Failed to start $unit: Unit $unit is $load." >&2; exit 5; }
            case $mood in
            denies) echo "Failed to start $unit: Access denied" >&2; exit 4 ;;
            lies) exit 0 ;;
            fails) touch "$here/failed"; echo "Job for $unit failed because the control process exited with error code." >&2; exit 1 ;;
            esac
            alive && exit 0
            rm -f "$here/stopping"
            setsid sleep 1000 > /dev/null 2>&1 < /dev/null &
            echo $! > "$here/pid"
            ;;
        stop)
            [ $mood = denies ] && { echo "Failed to stop $unit: Access denied" >&2; exit 4; }
            alive || { rm -f "$here/pid"; exit 0; }
            touch "$here/stopping"
            [ "$mood" = stubborn ] || kill -TERM "$pid"
            ;;
        kill)
            alive && kill -KILL "$pid"
            ;;
        esac
        exit 0
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("kedge-systemd-").FullName;

    public FakeSystemctl()
    {
        File.WriteAllText(Path.Combine(folder, "systemctl"), Script);
        File.SetUnixFileMode(Path.Combine(folder, "systemctl"), (UnixFileMode)0x1ED);
        File.WriteAllText(Path.Combine(folder, "shop.service"), "[Service]\nExecStart=/bin/sleep 1000\n");
        Reset("well");
        Driver = new(new Systemctl(new ProgramRunner(TimeProvider.System), Path.Combine(folder, "systemctl"), folder), TimeProvider.System);
    }

    public SystemdDriver Driver { get; }

    /// <summary>The unit's main process, while it lives.</summary>
    public ProcessStat? Main => File.Exists(Path.Combine(folder, "pid")) && int.TryParse(File.ReadAllText(Path.Combine(folder, "pid")), out var pid)
        && ProcessStat.Read(pid) is { IsDead: false } stat ? stat : null;

    /// <summary>The command lines so far, without <c>show</c>.</summary>
    public IReadOnlyList<string> Asked => File.Exists(Path.Combine(folder, "asked"))
        ? [.. File.ReadLines(Path.Combine(folder, "asked")).Where(l => !l.Contains(" show ", StringComparison.Ordinal))]
        : [];

    /// <summary>The unit stopped, and from now on well, stubborn, masked, lies, fails, denies or not-booted.</summary>
    public void Reset(string mood)
    {
        if (Main is { } main)
        {
            ProcessTable.KillTree(main.Identity);
        }

        foreach (var file in new[] { "pid", "stopping", "failed", "asked" })
        {
            File.Delete(Path.Combine(folder, file));
        }

        Become(mood);
    }

    public void Become(string mood) => File.WriteAllText(Path.Combine(folder, "mood"), mood + "\n");

    public override string ToString() => string.Join('\n', Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
        .Where(f => Path.GetFileName(f) is not "asked")
        .Select(f => $"{Path.GetFileName(f)}: {File.ReadAllText(f)}").Append($"{Main?.Pid} {Main?.IsStopped}"));

    public void Dispose()
    {
        Reset("well");
        Directory.Delete(folder, recursive: true);
    }
}
