namespace Kedge.CommandLine.Verbs;

/// <summary>A systemd unit for a node, and the drop-in that lets a data store's start be asked for.</summary>
internal static class SystemdUnit
{
    public static string Of(Invocation call, string program)
    {
        var plan = call.Location.Plan ?? "/etc/kedge/kedge.yaml";
        var state = call.Location.State;
        return $"""
            # A node of Kedge. Put it into /etc/systemd/system/kedge.service, then:
            #   systemctl daemon-reload && systemctl enable --now kedge.service
            [Unit]
            Description=Kedge node (disaster recovery)
            Documentation=man:systemd.service(5)
            After=network-online.target
            Wants=network-online.target
            # It is to come back whatever happens, and to go on trying.
            StartLimitIntervalSec=0

            [Service]
            Type=simple
            ExecStart={Quoted(program)} node --plan {Quoted(plan)} --state {Quoted(state)} --no-color
            ExecReload=/bin/kill -HUP $MAINPID
            Restart=always
            RestartSec=1s
            # It gives the lead up in order; what is under way is gone on with by whoever leads next.
            KillSignal=SIGTERM
            TimeoutStopSec=30s
            # Kedge starts and stops data stores, which need not die with it.
            KillMode=process
            # It must be able to act when memory is short.
            OOMScoreAdjust=-500
            # Secrets that the plan refers to as env:NAME, a line NAME=VALUE each; owned by root, mode 0600.
            EnvironmentFile=-/etc/kedge/environment

            [Install]
            WantedBy=multi-user.target

            # --- A data store that boot may start is asked for first. For PostgreSQL on Debian, put this into
            # --- /etc/systemd/system/postgresql@15-main.service.d/kedge.conf and write  start-guard: systemd  into the plan:
            # [Service]
            # ExecStartPre=+{Quoted(program)} may-start --data /var/lib/postgresql/15/main --state {Quoted(state)}

            """;
    }

    /// <summary>As systemd.service(5) and systemd.unit(5) quote words; a percent sign would be a specifier.</summary>
    private static string Quoted(string word)
    {
        var escaped = word.Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);
        return escaped.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '\\' or ';' or '#')
            ? '"' + escaped.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"'
            : escaped;
    }
}
