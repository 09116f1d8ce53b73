#!/bin/sh
# Installs the servers and the browser that the tests start; says what is missing when not root.
set -eu

missing=""
need() { # PACKAGE, then patterns of files of which one is enough
    package=$1
    shift
    for file in "$@"; do
        if [ -x "$file" ]; then
            return
        fi
    done
    missing="$missing $package"
}
need rabbitmq-server /usr/lib/rabbitmq/bin/rabbitmq-server
need postgresql /usr/lib/postgresql/*/bin/postgres
need dovecot-imapd /usr/lib/dovecot/imap
need dovecot-pop3d /usr/lib/dovecot/pop3
need chromium /usr/bin/chromium
need prometheus /usr/bin/promtool
need docker-compose /usr/bin/docker-compose
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "casewire: the tests need:$missing (Debian: apt-get install$missing)" >&2
    exit 1
fi
echo "casewire: installing$missing" >&2
apt-get update -qq
# shellcheck disable=SC2086  one word a package
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
