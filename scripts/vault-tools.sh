# Sourced by ./test: what the tests of Kedge.Vault play with. Debian's restic and Ceph are installed; the newer restic and
# rest-server of Debian 13 are unpacked below $build/tools, and nothing of the machine's own apt is changed for them.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root and build come from whoever sources this, as do say and install_missing

trixie_packages=(restic restic-rest-server)

missing_for_vault() {
    [ -x /usr/bin/strace ] || echo strace
    [ -x /usr/bin/restic ] || echo restic
    [ -x /usr/bin/ceph-mon ] || echo ceph-mon
    [ -x /usr/bin/ceph-osd ] || echo ceph-osd
    [ -x /usr/bin/radosgw ] || echo radosgw
    [ -x /usr/bin/ceph ] || echo ceph-common
    [ -e "$(first_of /usr/lib/*/libzstd.so.1 /lib/*/libzstd.so.1)" ] || echo libzstd1
    [ -e "$(first_of /usr/lib/*/libcrypto.so.3 /lib/*/libcrypto.so.3)" ] || echo libssl3
}

first_of() {
    local file
    for file in "$@"; do
        if [ -e "$file" ]; then
            echo "$file"
            return
        fi
    done
    echo /nowhere
}

# The tests that need what is missing are skipped, and say so.
need_vault_tools() {
    local missing
    mapfile -t missing < <(missing_for_vault)
    if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -ne 0 ]; then
        say "some tests of the vault are skipped without ${missing[*]}"
    else
        install_missing "${missing[@]}"
    fi
    (unpack_trixie) ||
        say "tests with restic 0.18 and rest-server are skipped: Debian 13's packages could not be had ($build/tools/apt.log)"
    link_tool restic-0.14 /usr/bin/restic
    link_tool restic-0.18 "$build/tools/trixie/usr/bin/restic"
    link_tool rest-server "$build/tools/trixie/usr/bin/restic-rest-server"
}

# The tests know the tools by these names.
link_tool() {
    mkdir -p "$build/tools"
    if [ -x "$2" ]; then ln -sfn "$2" "$build/tools/$1"; else rm -f "$build/tools/$1"; fi
}

unpack_trixie() {
    local target=$build/tools/trixie package there=true
    for package in "${trixie_packages[@]}"; do
        [ -x "$target/usr/bin/$package" ] || there=false
    done
    if $there; then return; fi
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
    say "unpacking from Debian 13's packages, below $target: ${trixie_packages[*]}"
    rm -rf "$target" "$build/tools/apt"
    mkdir -p "$build/tools"
    : >"$build/tools/apt.log"
    # What the machine calls its mirror has newer releases too, unless it is a frozen copy.
    fetch_trixie "$(debian_mirror)" || fetch_trixie http://deb.debian.org/debian || return 1
    # Renamed at the end: what is there is whole.
    rm -rf "$target.new"
    mkdir "$target.new"
    for package in "$build/tools/apt/debs"/*.deb; do
        dpkg-deb -x "$package" "$target.new" || return 1
    done
    mv "$target.new" "$target"
    rm -rf "$build/tools/apt"
}

# Where this machine has its Debian from.
debian_mirror() {
    local found
    # shellcheck disable=SC2016 # apt's own placeholders
    found=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk -v release="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" '$1 == release { print $2; exit }')
    echo "${found:-http://deb.debian.org/debian}"
}

# fetch_trixie MIRROR: the packages into $build/tools/apt/debs, their signatures checked with Debian's own keys.
fetch_trixie() {
    local mirror=${1%/} apt=$build/tools/apt keys=/usr/share/keyrings/debian-archive-keyring.gpg
    rm -rf "$apt"
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/debs"
    : >"$apt/status"
    printf 'deb [signed-by=%s] %s trixie main\n' "$keys" "$mirror" >"$apt/sources.list"
    local own=(-o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null
        -o "Dir::State=$apt" -o "Dir::State::Lists=$apt/lists" -o "Dir::State::Status=$apt/status"
        -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o APT::Update::Error-Mode=any)
    {
        apt-get "${own[@]}" update &&
            cd "$apt/debs" && apt-get "${own[@]}" download "${trixie_packages[@]}"
    } >>"$build/tools/apt.log" 2>&1 </dev/null
}
