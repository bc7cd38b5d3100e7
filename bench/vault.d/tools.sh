# Sourced by bench/vault: how each tool that backs up folders is called. A repository is $repositories/TOOL, or in object storage.
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # what a shell expands later; the files share their variables

# Sets the scenario's user, and the folder with the repositories.
tool_environment() {
    owner=$1
    as=()
    [ "$owner" = root ] ||
        as=(setpriv "--reuid=$owner" "--regid=$(id -g "$owner")" --clear-groups)
    repositories=$work/repositories
    fresh "$work/home"
    fresh "$repositories"
    install --owner="$owner" --mode=600 /dev/stdin "$work/password" <<<'of the benchmark'
    export HOME=$work/home XDG_CACHE_HOME=$work/home/cache TMPDIR=$work/home
    export RESTIC_PASSWORD_FILE=$work/password RESTIC_CACHE_DIR=$work/home/restic
    export BORG_PASSCOMMAND="cat $work/password" BORG_BASE_DIR=$work/home/borg
    export BORG_RELOCATED_REPO_ACCESS_IS_OK=yes
}

# Copies of the programs, which every user can run wherever the repository's clone is.
place_programs() {
    programs=$top/bin
    mkdir -p "$programs"
    if using kedge && [ ! -e "$programs/kedge" ]; then place_kedge; fi
    if using restic18; then install --mode=755 "$(readlink -f "$build/tools/restic-0.18")" "$programs/restic18"; fi
}

place_kedge() {
    local program=$kedge runtime
    if [ -z "$program" ]; then
        "$root/kedge" --version >/dev/null
        program=$(find "$build/program" -mindepth 1 -maxdepth 1 -type d -name '[0-9a-f]*' -printf '%T@ %p\n' |
            sort -rn | head -1 | cut -d' ' -f2-)/kedge
    fi
    [ -x "$program" ] || die "there is no program $program"
    cp -r "$(dirname "$program")" "$programs/kedge.d"
    chmod -R a+rX "$programs/kedge.d"
    printf '#!/bin/sh\nexec %q "$@"\n' "$programs/kedge.d/kedge" >"$programs/kedge"
    chmod 755 "$programs/kedge"
    runtime=${DOTNET_ROOT:-}
    [ ! -s "$programs/kedge.d/dotnet-root" ] || read -r runtime <"$programs/kedge.d/dotnet-root"
    export DOTNET_ROOT=$runtime
    "$programs/kedge" vault --help >/dev/null 2>&1 ||
        die "$program has no 'vault'" "Leave it out for now: --tools 'restic borg'"
}

# Which tools can restore in place, and which can read everything again.
in_place() { case $1 in kedge | restic18 | pgbackrest*) ;; *) false ;; esac; }
checks() { case $1 in kedge | restic* | borg) ;; *) false ;; esac; }

version_of() {
    case $1 in
        kedge) "$programs/kedge" --version ;;
        restic) restic version ;;
        restic18) "$programs/restic18" version ;;
        borg) borg --version ;;
        pgbackrest*) pgbackrest version ;;
        barman) echo "barman $(barman --version | head -n 1)" ;;
        basebackup) "$postgres/pg_basebackup" --version ;;
        tar) echo "$(tar --version | head -n 1), $(zstd --version)" ;;
        cp) cp --version ;;
    esac 2>&1 | head -n 1
}

restic_program() { case $1 in restic18) echo "$programs/restic18" ;; *) echo restic ;; esac; }

# Where a tool's repository is.
address() {
    if [ -n "${s3_endpoint:-}" ]; then echo "s3:$s3_endpoint/$1/repository"; else echo "$repositories/$1"; fi
}

# What makes writing durable: the file system of the folder is synced.
durable() { [ -n "${s3_endpoint:-}" ] && [ "$1" = "$repositories" ] || printf ' && sync --file-system %q' "$1"; }

kedge_line() { printf '%q vault %s --repo %q --password-file %q' "$programs/kedge" "$1" "$(address kedge)" "$work/password"; }
restic_line() { printf '%q --quiet --repo %q %s' "$(restic_program "$1")" "$(address "$1")" "$2"; }

# A new, empty repository.
init() {
    local line
    rm -rf "${repositories:?}/${1:?}"
    case $1 in
        kedge) line=$(kedge_line init) ;;
        restic*) line=$(restic_line "$1" 'init --repository-version 2') ;;
        borg) line="borg init --encryption repokey-blake2 $repositories/borg" ;;
        tar | cp) line="mkdir $repositories/$1" ;;
    esac
    "${as[@]}" bash -c "$line" >>"$work/log" 2>&1 || die "$1: no repository; see $work/log"
}

# The shell line that backs up the folder $2, without what the patterns leave out (relative to the folder, a star at the end at most).
backup_line() {
    local tool=$1 folder=$2 pattern options=
    shift 2
    for pattern; do
        case $tool in
            borg) options+=" --exclude $(printf %q "sh:$pattern")" ;;
            tar) options+=" --exclude $(printf %q "./$pattern")" ;;
            *) options+=" --exclude $(printf %q "$pattern")" ;;
        esac
    done
    printf 'cd %q && ' "$folder"
    case $tool in
        kedge) printf '%s%s .' "$(kedge_line backup)" "$options" ;;
        restic*) restic_line "$tool" "backup$options ." ;;
        borg) printf '{ borg create --compression zstd,3%s %q . || [ $? -eq 1 ]; }' "$options" "$repositories/borg::{now}" ;;
        tar) printf 'tar --create --file=-%s . | zstd -q -f -3 -T0 -o %q' "$options" "$repositories/tar/archive" ;;
        cp) printf 'cp --archive . %q' "$repositories/cp/" ;;
    esac
    durable "$repositories"
}

restore_line() {
    local tool=$1 folder=$2
    case $tool in
        kedge) printf '%s --target %q' "$(kedge_line 'restore latest')" "$folder" ;;
        restic*) restic_line "$tool" "restore latest --target $folder" ;;
        borg) printf 'cd %q && borg extract "%s::$(borg list --last 1 --short %q)"' "$folder" "$repositories/borg" "$repositories/borg" ;;
        tar) printf 'zstd -q -d -c %q | tar --directory=%q --extract --file=-' "$repositories/tar/archive" "$folder" ;;
        cp) printf 'cp --archive %q/. %q' "$repositories/cp" "$folder" ;;
    esac
    durable "$folder"
}

in_place_line() {
    case $1 in
        kedge) printf '%s --target %q --overwrite if-changed' "$(kedge_line 'restore latest')" "$2" ;;
        restic18) restic_line restic18 "restore latest --overwrite if-changed --target $2" ;;
    esac
    durable "$2"
}

check_line() {
    case $1 in
        kedge) kedge_line 'check --read-data' ;;
        restic*) restic_line "$1" 'check --read-data' ;;
        borg) printf 'borg check --verify-data %q' "$repositories/borg" ;;
    esac
}

# As on a machine that has never seen the repository.
forget_caches() { rm -rf "$work/home/restic" "$work/home/cache" "$work/home/.cache"; }
