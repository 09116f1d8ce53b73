#!/bin/sh
# Makes the virtual environment and brings it to the lock file; quick when nothing changed.
set -eu
cd "$(dirname "$0")/../.."

say() { echo "casewire: $*" >&2; }

python=""
for candidate in python3.11 python3; do
    if command -v "$candidate" >/dev/null &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "Python 3.11 or newer is needed; install it (Debian: apt-get install python3)."
    exit 1
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "Python's venv module is missing; install it (Debian: apt-get install python3-venv)."
        exit 1
    fi
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
fi

stamp=.venv/lock.sha256
wanted=$(sha256sum requirements-dev.lock)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi
say "installing the locked Python packages into .venv"
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
echo "$wanted" >"$stamp"
