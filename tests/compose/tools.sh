#!/bin/sh
# Installs what runs containers here (Debian's podman and what it needs) and podman-compose.
set -eu
cd "$(dirname "$0")/../.."

missing=""
need() { # PROGRAM PACKAGE
    [ -x "$1" ] || missing="$missing $2"
}
need /usr/bin/podman podman
need /usr/bin/buildah buildah
need /usr/sbin/runc runc
need /usr/sbin/debootstrap debootstrap
need /usr/lib/podman/netavark netavark
need /usr/lib/podman/aardvark-dns aardvark-dns
need /usr/sbin/iptables iptables
if [ "$(id -u)" != 0 ]; then
    echo "casewire: the test of compose.yaml needs root, for it runs containers" >&2
    exit 1
fi
if [ -n "$missing" ]; then
    echo "casewire: installing$missing" >&2
    apt-get update -qq
    # shellcheck disable=SC2086  one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

lock=tests/compose/requirements.lock
stamp=build/compose/tools/prepared
sum=$(sha256sum "$lock")
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$sum" ]; then
    rm -rf build/compose/tools
    .venv/bin/python -m venv build/compose/tools
    build/compose/tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    echo "$sum" >"$stamp"
fi
