# Sourced by the commands in the root: a quiet .NET, and a place to build in. Expects $root.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root and build come from whoever sources this

build=$root/.build

say() { printf '%s\n' "kedge: $*" >&2; }

die() {
    say "$1"
    shift
    [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
    exit 3
}

# A machine's HOME may be unset or unusable (services, containers); .NET and NuGet insist on one.
if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then
    mkdir -p "$build/home" || die "cannot write to $build" "Clone Kedge as the user who runs it."
    export HOME=$build/home
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true
export DOTNET_CLI_UI_LANGUAGE=en TESTINGPLATFORM_TELEMETRY_OPTOUT=1
# A small machine has no libicu; neither the build nor Kedge needs it.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

# Sets $dotnet, or says how to get it.
find_dotnet() {
    local candidate said=
    for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-/nowhere}/dotnet" "$HOME/.dotnet/dotnet" \
        /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet; do
        [ -x "$candidate" ] || continue
        dotnet=$(readlink -f "$candidate")
        # From the repository's root, so that global.json has its say.
        if said=$(cd "$root" && "$dotnet" --version 2>&1); then
            export DOTNET_ROOT=${dotnet%/dotnet}
            return
        fi
    done
    [ -z "$said" ] || say "$dotnet says: $said"
    die "the .NET 10 SDK is missing: it builds Kedge." \
        "Install the package dotnet-sdk-10.0 from Microsoft's feed for Debian:" \
        "https://learn.microsoft.com/dotnet/core/install/linux-debian"
}
