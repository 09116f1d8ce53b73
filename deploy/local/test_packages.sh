#!/bin/sh
# Installs the servers that the tests start for themselves; says what is missing when not root.
set -eu

missing=""
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$missing rabbitmq-server"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "casewire: the tests need:$missing (Debian: apt-get install$missing)" >&2
    exit 1
fi
echo "casewire: installing$missing" >&2
apt-get update -qq
# shellcheck disable=SC2086  one word a package
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
