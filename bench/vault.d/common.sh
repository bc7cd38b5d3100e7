# Sourced by bench/vault: measuring, rows and tables, and what every scenario needs.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the files share their variables

python=/usr/bin/python3
columns=(scenario step tool run wall processor server peak_process peak_tree read written machine exit repository added)

# Is this step wanted? --steps names them; without it all are.
wanted() { [ -z "$steps" ] || [[ " $steps " == *" $1 "* ]]; }

wanted_only() { [ "$steps" = "$1" ]; }

using() { [[ " $tools " == *" $1 "* ]]; }

# Processor ticks of the whole machine that were not idle.
busy_ticks() { awk 'NR == 1 {print $2 + $3 + $4 + $7 + $8 + $9}' /proc/stat; }

# Waits until nothing else has used more than a tenth of a processor for three seconds; gives up after ten minutes.
wait_for_quiet() {
    local deadline=$((SECONDS + 600)) ticks before
    ticks=$(getconf CLK_TCK)
    until before=$(busy_ticks) && sleep 3 && [ $(($(busy_ticks) - before)) -lt $((ticks * 3 / 10)) ]; do
        [ "$SECONDS" -lt "$deadline" ] || return 0
    done
}

# What was written is on the disk, and what will be read is not in memory.
cold() {
    [ -z "$patient" ] || wait_for_quiet
    sync
    echo 3 >/proc/sys/vm/drop_caches
}

# Runs a shell line as the scenario's user and keeps what it took in $figures; its own output goes to the log.
# as is the scenario's way to another user (a command, or nothing), server the process whose time counts beside the tool's.
as=() server=''
figures=''
measure_line() {
    printf '\n== %s\n' "$1" >>"$work/log"
    figures=$("$here/vault.d/measure" ${server:+--server "$server"} --log "$work/log" -- \
        "${as[@]}" bash -c "set -o pipefail; $1")
}

succeeded() { [ "${figures##*$'\t'}" = 0 ]; }

# The two figures of the program for the machine's limits, in the form of the above.
measure_limit() {
    local wall processor
    read -r wall processor < <("$top/limits" "$@") || die "the limit could not be measured: limits $*"
    figures=$(printf '%s\t%s\t-\t-\t-\t-\t-\t-\t0' "$wall" "$processor")
}

# Adds a row: STEP TOOL RUN [MiB of the repository] [MiB that are new in it].
note() {
    local step=$1 tool=$2 run=$3 repository=${4:--} added=${5:--} wall code others
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$scenario" "$step" "$tool" "$run" "$figures" "$repository" "$added" >>"$rows"
    wall=${figures%%$'\t'*}
    code=${figures##*$'\t'}
    # What others on this machine spent meanwhile, with the kernel's own threads.
    others=$(awk -F '\t' '$8 != "-" && (rest = $8 - $2 - $3) > $1 / 5 {printf " (others: %.1f processor seconds)", rest}' <<<"$figures")
    if [ "$code" = 0 ]; then
        say "$scenario, run $run: $step: $tool: $wall s$others"
    else
        failures=$((failures + 1))
        say "$scenario, run $run: $step: $tool FAILED, exit $code; the end of what it said:"
        tail -n 5 "$work/log" | sed 's/^/    /' >&2
    fi
}

begin_rows() {
    mkdir -p "${rows%/*}"
    (IFS=$'\t' && printf '%s\n' "${columns[*]}") >"$rows"
}

mebibytes() { du --summarize --block-size=1 "$1" | awk '{printf "%.1f", $1 / 1048576}'; }

less() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.1f", a - b}'; }

# What was restored is what was backed up: a benchmark of anything else is worthless. WHAT ORIGINAL COPY.
# Of a cluster its data files are compared; a server makes pg_internal.init and pgsql_tmp anew.
expect_same() {
    local differences
    differences=$(diff --recursive --brief --no-dereference --exclude=pg_internal.init --exclude=pgsql_tmp "$2" "$3" 2>&1) && return
    failures=$((failures + 1))
    say "$scenario: $1: WRONG, this differs from the original ($(wc -l <<<"$differences") lines):"
    head -n 5 <<<"$differences" | sed 's/^/    /' >&2
}

# An empty folder of the scenario's user.
fresh() {
    rm -rf "$1"
    install --directory --mode=700 --owner="$owner" --group="$(id -g "$owner")" "$1"
}

compile_limits() {
    [ -x "$top/limits" ] || cc -O2 -pthread -o "$top/limits" "$here/vault.d/limits.c"
}

# Where a scenario's files are: in the kept folder if there is one, else in the work folder.
place() { printf '%s/%s' "${data:-$top/data}" "$1"; }

# Makes them once; a folder that was not finished is made again.
provide() {
    local what=$1 folder
    folder=$(place "$what")
    [ -e "$folder.txt" ] && [ -d "$folder" ] && return
    rm -rf "$folder"
    mkdir -p "${folder%/*}"
    say "making the $what"
    "make_$what" "$folder" >"$folder.new"
    mv "$folder.new" "$folder.txt"
}

make_tree() { "$here/vault.d/data" tree "$1"; }
make_million() { "$here/vault.d/data" million "$1"; }
