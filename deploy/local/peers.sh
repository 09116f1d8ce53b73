#!/bin/sh
# Installs, into build/peers, the mail gateways of others that the bench compares ours with.
set -eu
cd "$(dirname "$0")/../.."
lock=requirements-peers.lock
stamp=build/peers/prepared
sum=$(sha256sum "$lock")
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then
    exit 0
fi
echo "casewire: installing the gateways of others into build/peers" >&2
rm -rf build/peers
.venv/bin/python -m venv build/peers
build/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
echo "$sum" >"$stamp"
