#!/usr/bin/env bash
# What a careful script does after the loss of a site, one step after another; bench/run sets it beside Kedge.
# All facts come in the environment, from bench/Kedge.Bench/BareScript.cs.
set -euo pipefail

postgres=/usr/lib/postgresql/15/bin
as_owner() {
    local owner=$1
    shift
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups "$@"; else "$@"; fi
}

# Tries a command again and again, for a minute.
until_it() {
    local deadline=$((SECONDS + 60))
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || { echo "in vain: $*" >&2; exit 1; }
        sleep 0.02
    done
}
answers() { curl --silent --fail --max-time 1 --output /dev/null "$1"; }
leads_to() { [ "$(kdig +short "@$DNS_ADDRESS" -p "$DNS_PORT" "$1" A)" = "$2" ]; }

# The old copy must not write any more. Where it is dead already, stopping it fails; whether it is, the next line sees.
owner=$(stat --format=%U "$OLD_DATA")
as_owner "$owner" "$postgres/pg_ctl" stop --pgdata="$OLD_DATA" --mode=immediate --silent 2>/dev/null || true
! pgrep --full "postgres.*$OLD_DATA" >/dev/null || { echo "the old database lives" >&2; exit 1; }

for service in $SERVICES; do
    pid=${service^^}_OLD_PID
    if [ -s "${!pid}" ] && kill -0 "$(head -1 "${!pid}" | tr -dc 0-9)" 2>/dev/null; then kill -9 "$(head -1 "${!pid}" | tr -dc 0-9)"; fi
done

as_owner "$(stat --format=%U "$NEW_DATA")" "$postgres/pg_ctl" promote --pgdata="$NEW_DATA" --wait --silent >/dev/null

for service in $SERVICES; do
    folder=${service^^}_FOLDER program=${service^^}_PROGRAM ready=${service^^}_READY
    # shellcheck disable=SC2086 # a program and its arguments, without spaces in them
    (cd "${!folder}" && setsid ${!program} >/dev/null 2>&1 </dev/null &)
    until_it answers "${!ready}"
done

for service in $SERVICES; do
    host=${service^^}_HOST
    printf 'server %s %s\nzone %s\nupdate delete %s. A\nupdate add %s. 1 A %s\nsend\n' "$DNS_ADDRESS" "$DNS_PORT" "${!host}" \
        "${!host}" "${!host}" "$NEW_ADDRESS" |
        knsupdate -y "hmac-sha256:$DNS_KEY_NAME:$(cat "$DNS_KEY_FILE")"
    until_it leads_to "${!host}" "$NEW_ADDRESS"
done

for service in $SERVICES; do
    ready=${service^^}_READY
    answers "${!ready}"
done
