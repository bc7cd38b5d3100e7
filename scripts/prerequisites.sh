# Sourced by ./kedge demo and ./test: the servers that they play with, from Debian's packages.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root and build come from whoever sources this

# Prints the packages that are missing, by looking for what they bring; asks neither apt nor the network.
missing_packages() {
    local libraries=(/usr/lib/*/libsqlite3.so.0 /lib/*/libsqlite3.so.0 /usr/lib/libsqlite3.so.0)
    [ -x /usr/lib/postgresql/15/bin/postgres ] || echo postgresql-15
    [ -x /usr/sbin/knotd ] || [ -n "$(command -v knotd)" ] || echo knot
    [ -e "${libraries[0]}" ] || [ -e "${libraries[1]}" ] || [ -e "${libraries[2]}" ] || echo libsqlite3-0
    [ -n "$(command -v setpriv)" ] || echo util-linux
}

# What only tests need: other servers and tools that look at Kedge from outside.
missing_for_tests() {
    [ -x /usr/sbin/named ] || echo bind9
    [ -x /usr/bin/kdig ] || echo knot-dnsutils
    [ -x /usr/bin/sqlite3 ] || echo sqlite3
    [ -x /usr/bin/jq ] || echo jq
    [ -x /usr/bin/cc ] || printf 'gcc\nlibc6-dev\n'
    [ -x /bin/kill ] || echo procps
}

# What the shell script needs that bench/run compares Kedge with.
missing_for_bench() {
    [ -x /usr/bin/curl ] || echo curl
    [ -x /usr/bin/kdig ] || echo knot-dnsutils
    [ -x /usr/bin/pgrep ] || echo procps
}

# The tools that bench/vault sets beside Kedge, and what it measures with.
missing_for_vault_bench() {
    [ -x /usr/lib/postgresql/15/bin/pgbench ] || echo postgresql-15
    [ -x /usr/bin/restic ] || echo restic
    [ -x /usr/bin/borg ] || echo borgbackup
    [ -x /usr/bin/pgbackrest ] || echo pgbackrest
    [ -x /usr/bin/barman ] || echo barman
    [ -x /usr/bin/zstd ] || echo zstd
    [ -x /usr/bin/python3 ] || echo python3
    [ -x /usr/bin/cc ] || printf 'gcc\nlibc6-dev\n'
}

missing_ceph() {
    [ -x /usr/bin/ceph-mon ] || echo ceph-mon
    [ -x /usr/bin/ceph-osd ] || echo ceph-osd
    [ -x /usr/bin/radosgw ] || echo radosgw
    [ -x /usr/bin/ceph ] || echo ceph-common
    [ -x /usr/bin/curl ] || echo curl
    [ -x /usr/bin/openssl ] || echo openssl
}

need_servers() {
    local missing
    mapfile -t missing < <(missing_packages)
    install_missing "${missing[@]}"
}

need_bench_tools() {
    local missing
    mapfile -t missing < <(missing_for_bench)
    install_missing "${missing[@]}"
}

need_vault_bench_tools() {
    local missing
    mapfile -t missing < <(missing_for_vault_bench)
    install_missing "${missing[@]}"
}

need_ceph() {
    local missing
    mapfile -t missing < <(missing_ceph)
    install_missing "${missing[@]}"
}

# Without root the tests that need what is missing are skipped.
need_test_tools() {
    local missing
    mapfile -t missing < <(missing_for_tests)
    if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -ne 0 ]; then
        say "some tests are skipped without ${missing[*]}"
    else
        install_missing "${missing[@]}"
    fi
}

install_missing() {
    local missing=("$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        die "missing: ${missing[*]}. Install what is missing, then try again:" \
            "sudo apt-get install --no-install-recommends ${missing[*]}"
    fi
    command -v apt-get >/dev/null ||
        die "missing: ${missing[*]}, and this is no Debian: install them by hand."
    say "installing from Debian's packages: ${missing[*]}"
    # In a subshell, for its trap: whatever happens, the machine's own rules are back afterwards.
    (install_without_starting "${missing[@]}") ||
        die "could not install ${missing[*]}; what apt-get said is in $build/apt.log"
}

# The packages would start servers and create a cluster of their own; the demo starts its own, in a folder of its own.
install_without_starting() {
    local policy=/usr/sbin/policy-rc.d clusters=/etc/postgresql-common/createcluster.d/kedge-demo.conf
    ours=() # not local: the trap outlives this function
    trap 'rm -f "${ours[@]}"' EXIT
    trap 'exit 130' INT TERM
    mkdir -p "$build"
    if [ ! -e "$policy" ]; then
        ours+=("$policy")
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    ours+=("$clusters")
    mkdir -p "${clusters%/*}"
    echo 'create_main_cluster = false' >"$clusters"
    export DEBIAN_FRONTEND=noninteractive
    install_packages "$@" >"$build/apt.log" 2>&1 && return
    # The lists may be old, or not there at all.
    apt-get update >>"$build/apt.log" 2>&1 && install_packages "$@" >>"$build/apt.log" 2>&1
}

install_packages() { apt-get install --yes --quiet --no-install-recommends "$@" </dev/null; }
