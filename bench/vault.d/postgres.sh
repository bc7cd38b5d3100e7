# Sourced by bench/vault: a cluster of PostgreSQL for the benchmark, and the tools that back it up as such.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files share their variables

postgres=/usr/lib/postgresql/15/bin
cluster=''

query() { "${as[@]}" "$postgres/psql" --no-psqlrc --quiet --tuples-only --no-align "$@" postgres; }

# Starts a cluster that listens on a socket in the work folder only; who asks for it finds it by PGHOST.
start_cluster() {
    install --directory --owner=postgres "$work/socket"
    export PGHOST=$work/socket PGUSER=postgres
    cluster=$1
    "${as[@]}" "$postgres/pg_ctl" --pgdata="$cluster" --log="$work/home/postgres.log" --wait --silent \
        --options="-c listen_addresses='' -c unix_socket_directories='$work/socket'" start >/dev/null ||
        die "PostgreSQL does not start; see $work/home/postgres.log"
    server=$(head -n 1 "$cluster/postmaster.pid")
}

stop_cluster() {
    [ -z "$cluster" ] || "${as[@]}" "$postgres/pg_ctl" --pgdata="$cluster" --mode=fast --wait --silent stop || true
    cluster='' server=''
}

# 3.0 GB: pgbench's tables, which compress well, and an application's event log, which does not.
make_pg() {
    local new=$work/pg
    tool_environment postgres
    fresh "$new"
    "${as[@]}" "$postgres/initdb" --data-checksums --pgdata="$new" --auth=trust --username=postgres --locale=C.UTF-8 >>"$work/log"
    cat >>"$new/postgresql.conf" <<EOF
shared_buffers = 1GB
max_wal_size = 4GB
min_wal_size = 80MB
checkpoint_timeout = 15min
wal_level = replica
max_wal_senders = 20
archive_mode = on
archive_command = 'true'
logging_collector = off
EOF
    start_cluster "$new"
    "${as[@]}" "$postgres/pgbench" --initialize --quiet --scale=150 postgres >>"$work/log" 2>&1
    query >>"$work/log" <<'EOF'
create table events(id bigserial primary key, ts timestamptz, kind text, payload jsonb);
select setseed(0.5);
insert into events(ts, kind, payload)
select timestamptz '2026-01-01' - i * interval '1 s', (array['login', 'order', 'payment', 'refund', 'audit'])[1 + i % 5],
    jsonb_build_object('uid', md5(random()::text), 'amount', round((random() * 10000)::numeric, 2),
        'ip', format('10.%s.%s.%s', (random() * 255)::int, (random() * 255)::int, (random() * 255)::int),
        'tok', md5(random()::text) || md5(random()::text), 'note', repeat('lorem ipsum ', (random() * 6)::int))
from generate_series(1, 2500000) i;
vacuum analyze;
EOF
    stop_cluster
    # What was logged meanwhile is as large as the data, and needed no more after a clean stop.
    "${as[@]}" "$postgres/pg_resetwal" --pgdata="$new" >>"$work/log"
    mv "$new" "$1"
    echo "$(mebibytes "$1/base") MiB in base; pgbench at scale 150, and 2,500,000 events"
}

# A copy of the kept cluster that the benchmark may change, running; only its load writes to it.
run_copy() {
    say "copying the cluster"
    cp --archive "$(place pg)" "$work/pg"
    archive_to true
    cat >>"$work/pg/postgresql.conf" <<EOF
autovacuum = off
archive_command = 'sh $work/archive-pgbackrest.sh %p %f'
EOF
    start_cluster "$work/pg"
}

# The shell line by which the server archives its log from now on: $1 is the segment's path, $2 its name. pgBackRest insists
# that the server's own line contains its name.
archive_to() { printf '%s\n' "$1" >"$work/archive-pgbackrest.sh"; }

# 60 s of pgbench at 500 transactions a second, and all of it in the data files. The log goes nowhere meanwhile.
load() {
    archive_to true
    say "$scenario, run $1: 60 s of pgbench"
    "${as[@]}" "$postgres/pgbench" --no-vacuum --client=8 --jobs=2 --time=60 --rate=500 --random-seed="$1" postgres >>"$work/log" 2>&1
    query --command=checkpoint
}

# Tools that know nothing of PostgreSQL copy its folder between these two.
begin_backup() {
    coproc session { query; }
    session_pid=$!
    echo "select pg_backup_start('bench', true);" >&"${session[1]}"
    read -r -t 300 _ <&"${session[0]}" || die "PostgreSQL does not begin a backup"
}

end_backup() {
    printf '%s\n' 'select pg_backup_stop(false);' '\q' >&"${session[1]}"
    wait "$session_pid" || true
}

of_servers() { case $1 in pgbackrest* | barman | basebackup) ;; *) false ;; esac; }

pgbackrest_line() { printf 'pgbackrest --config=%q --stanza=main' "$work/$1.conf"; }
barman_line() { printf 'barman --config %q' "$work/barman.conf"; }

server_tool_init() {
    local tool=$1
    fresh "$repositories/$tool"
    case $tool in
        pgbackrest*)
            configure_pgbackrest "$tool"
            server_tool_archives "$tool"
            "${as[@]}" bash -c "$(pgbackrest_line "$tool") stanza-create" >>"$work/log" 2>&1 || die "pgBackRest: no stanza; see $work/log"
            ;;
        barman)
            configure_barman
            server_tool_archives barman
            prepare_barman
            ;;
    esac
}

# Where the server's log goes while this tool is at work.
server_tool_archives() {
    case $1 in
        pgbackrest*) archive_to "$(pgbackrest_line "$1") archive-push \"\$1\"" ;;
        barman) archive_to "cp \"\$1\" $repositories/barman/main/incoming/\$2" ;;
        *) archive_to true ;;
    esac
}

configure_pgbackrest() {
    local logs=$work/home/$1
    fresh "$logs"
    cat >"$work/$1.conf" <<EOF
[global]
repo1-path=$repositories/$1
process-max=4
compress-type=zst
compress-level=3
start-fast=y
log-path=$logs
lock-path=$logs
log-level-console=warn
[main]
pg1-path=$work/pg
pg1-socket-path=$work/socket
pg1-user=postgres
EOF
    [ "$1" = pgbackrest-plain ] ||
        sed -i "/^process-max/i repo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass=$(tr -d ' ' <"$work/password")" "$work/$1.conf"
}

configure_barman() {
    install --directory --owner=postgres "$work/barman.d" "$repositories/barman/main/incoming" "$repositories/barman/main"
    cat >"$work/barman.conf" <<EOF
[barman]
barman_user = postgres
barman_home = $repositories/barman
configuration_files_directory = $work/barman.d
log_file = $work/home/barman.log
path_prefix = $postgres
EOF
    cat >"$work/barman.d/main.conf" <<EOF
[main]
description = main
conninfo = host=$work/socket user=postgres dbname=postgres
streaming_conninfo = host=$work/socket user=postgres dbname=postgres
archiver = on
immediate_checkpoint = true
backup_method = postgres
backup_compression = zstd
backup_compression_level = 1
backup_compression_workers = 4
backup_compression_location = server
recovery_staging_path = $work/home
EOF
}

# Barman backs up only after it has seen a segment of the log arrive.
prepare_barman() {
    local deadline=$((SECONDS + 60))
    until "${as[@]}" bash -c "$(barman_line) check main" >>"$work/log" 2>&1; do
        [ "$SECONDS" -lt "$deadline" ] || die "Barman's check fails; see $work/log"
        query --command="select pg_logical_emit_message(false, 'bench', '')" --command='select pg_switch_wal()' >/dev/null
        sleep 1
        barman_cron
        sleep 1
    done
}

barman_cron() { "${as[@]}" bash -c "$(barman_line) cron" >>"$work/log" 2>&1; }

# KIND is full or incr.
server_tool_backup_line() {
    local tool=$1 kind=$2
    case $tool in
        pgbackrest*) printf '%s --type=%s backup' "$(pgbackrest_line "$tool")" "$kind" ;;
        barman) printf '%s backup main' "$(barman_line)" ;;
        basebackup)
            printf '%q --pgdata=%q --format=tar --wal-method=stream --checkpoint=fast --compress=server-zstd:level=1,workers=4' \
                "$postgres/pg_basebackup" "$repositories/basebackup/backup"
            ;;
    esac
    durable "$repositories"
}

server_tool_restore_line() {
    local tool=$1 folder=$2 options=${3:-}
    case $tool in
        pgbackrest*) printf '%s --pg1-path=%q %s restore' "$(pgbackrest_line "$tool")" "$folder" "$options" ;;
        barman) printf '%s recover main latest %q' "$(barman_line)" "$folder" ;;
        basebackup)
            printf 'zstd -q -d -c %q | tar --directory=%q --extract --file=- && tar --directory=%q --extract --file=%q' \
                "$repositories/basebackup/backup/base.tar.zst" "$folder" "$folder/pg_wal" "$repositories/basebackup/backup/pg_wal.tar"
            ;;
    esac
    durable "$folder"
}
