# Sourced by bench/vault: what is measured, in which order. The tools take turns: A B C, A B C, …
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files share their variables

limit_threads=4
restored=''

# A backup of the cluster by a tool of either kind: STEP TOOL RUN, and full or incr for the tools that must be told.
back_up_cluster() {
    local step=$1 tool=$2 run=$3 kind=$4 before after
    [ "$tool" != basebackup ] || rm -rf "$repositories/basebackup/backup"
    before=$(mebibytes "$repositories/$tool")
    if of_servers "$tool"; then
        server_tool_archives "$tool"
        cold
        measure_line "$(server_tool_backup_line "$tool" "$kind")"
        [ "$tool" != barman ] || barman_cron
        archive_to true
    else
        begin_backup
        cold
        measure_line "$(backup_line "$tool" "$work/pg" 'pg_wal/*' postmaster.pid postmaster.opts)"
        end_backup
    fi
    after=$(mebibytes "$repositories/$tool")
    note "$step" "$tool" "$run" "$after" "$([ "$kind" = full ] || less "$after" "$before")"
}

init_for_cluster() { if of_servers "$1"; then server_tool_init "$1"; else init "$1"; fi; }

restore_cluster() {
    fresh "$restored"
    cold
    if of_servers "$1"; then measure_line "$(server_tool_restore_line "$1" "$restored")"; else measure_line "$(restore_line "$1" "$restored")"; fi
    note restore "$1" "$2"
    [ "$2" -gt 1 ] || ! succeeded || expect_same "restored by $1" "$work/pg/base" "$restored/base"
}

restore_cluster_in_place() {
    "$here/vault.d/data" spoil "$restored/base" "$2" >>"$work/log"
    cold
    if of_servers "$1"; then measure_line "$(server_tool_restore_line "$1" "$restored" --delta)"; else measure_line "$(in_place_line "$1" "$restored")"; fi
    note in-place "$1" "$2"
    expect_same "restored in place by $1" "$work/pg/base" "$restored/base"
}

check() {
    cold
    measure_line "$(check_line "$1")"
    note check "$1" "$2"
}

limit_of_reading() {
    cold
    measure_limit read "$limit_threads" "$1"
    note backup "limit: reading, $limit_threads threads" "$2"
}

limit_of_writing() {
    fresh "$restored"
    measure_limit write "$limit_threads" "$1" "$restored"
    note restore "limit: writing, $limit_threads threads" "$2"
    rm -rf "$restored"
}

scenario_postgres() {
    local run tool
    provide pg
    tool_environment postgres
    restored=$work/restored
    run_copy
    for ((run = 1; run <= runs; run++)); do
        for tool in $tools; do
            init_for_cluster "$tool"
            back_up_cluster backup "$tool" "$run" full
            succeeded || continue
            if wanted restore || wanted in-place; then restore_cluster "$tool" "$run"; fi
            if wanted in-place && in_place "$tool" && succeeded; then restore_cluster_in_place "$tool" "$run"; fi
            rm -rf "$restored"
            if wanted check && checks "$tool"; then check "$tool" "$run"; fi
        done
        wanted backup && limit_of_reading "$work/pg/base" "$run"
        wanted restore && limit_of_writing "$work/pg/base" "$run"
        wanted_only changed && break
    done
    wanted changed || return 0
    for ((run = 1; run <= runs; run++)); do
        load "$run"
        for tool in $tools; do back_up_cluster changed "$tool" "$run" incr; done
    done
}

# A backup of a folder, to a folder or to object storage: STEP TOOL RUN FOLDER.
back_up_folder() {
    local step=$1 tool=$2 run=$3 before after
    [ "$step" != changed ] || case $tool in tar | cp) init "$tool" ;; esac
    before=$(repository_size "$tool")
    cold
    measure_line "$(backup_line "$tool" "$4" "${left_out[@]}")"
    after=$(repository_size "$tool")
    note "$step" "$tool" "$run" "$after" "$([ "$step" = backup ] || less "$after" "$before")"
}

# RESTORE OF FOLDER by TOOL in RUN.
restore_folder() {
    fresh "$restored"
    cold
    measure_line "$(restore_line "$1" "$restored")"
    note restore "$1" "$2"
    [ "$2" -gt 1 ] || ! succeeded || expect_same "restored by $1" "$3" "$restored"
    rm -rf "$restored"
}

left_out=()
scenario_tree() {
    local run tool
    provide tree
    tool_environment root
    restored=$work/restored
    say "copying the tree"
    cp --archive "$(place tree)" "$work/tree"
    for ((run = 1; run <= runs; run++)); do
        for tool in $tools; do
            init "$tool"
            back_up_folder backup "$tool" "$run" "$work/tree"
            succeeded || continue
            wanted restore && restore_folder "$tool" "$run" "$work/tree"
        done
        wanted backup && limit_of_reading "$work/tree" "$run"
        wanted restore && limit_of_writing "$work/tree" "$run"
        wanted_only changed && break
    done
    wanted changed || return 0
    for ((run = 1; run <= runs; run++)); do
        "$here/vault.d/data" change "$work/tree" "$run" >>"$work/log"
        for tool in $tools; do back_up_folder changed "$tool" "$run" "$work/tree"; done
    done
}

scenario_million() {
    local run tool million
    provide million
    million=$(place million)
    tool_environment root
    restored=$work/restored
    for ((run = 1; run <= runs; run++)); do
        for tool in $tools; do
            init "$tool"
            back_up_folder backup "$tool" "$run" "$million"
            succeeded || continue
            wanted unchanged && back_up_folder unchanged "$tool" "$run" "$million"
            wanted restore && restore_folder "$tool" "$run" "$million"
        done
        wanted backup && limit_of_reading "$million" "$run"
        wanted restore && limit_of_writing "$million" "$run"
    done
    return 0
}

# The stopped cluster through object storage; a restore on a machine that has never seen the repository.
scenario_s3() {
    local run tool
    provide pg
    tool_environment root
    restored=$work/restored
    cp --archive "$(place pg)" "$work/pg"
    rm -rf "$work/pg/pg_wal"
    for ((run = 1; run <= runs; run++)); do
        for tool in $tools; do
            # A store for each, so that nobody works beside what others have left.
            start_store
            init "$tool"
            back_up_folder backup "$tool" "$run" "$work/pg"
            if wanted restore && succeeded; then
                forget_caches
                restore_folder "$tool" "$run" "$work/pg"
            fi
            stop_store
        done
    done
}

start_store() {
    "$here/vault.d/radosgw" start "$work/radosgw" >"$work/store.env" || die "no object store; see $work/radosgw/log"
    # shellcheck source=/dev/null
    . "$work/store.env"
    local tool
    for tool in $tools; do "$here/vault.d/radosgw" bucket "$work/radosgw" "$tool" >>"$work/log"; done
}

stop_store() {
    [ ! -d "$work/radosgw" ] || "$here/vault.d/radosgw" stop "$work/radosgw"
    s3_endpoint=''
}

repository_size() {
    if [ -z "${s3_endpoint:-}" ]; then
        mebibytes "$repositories/$1"
    else
        radosgw-admin --conf "$s3_conf" bucket stats --bucket "$1" 2>/dev/null | "$python" -c \
            'import json, sys; print("%.1f" % (json.load(sys.stdin)["usage"].get("rgw.main", {}).get("size", 0) / 2**20))'
    fi
}
