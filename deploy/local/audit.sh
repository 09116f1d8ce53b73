#!/bin/sh
# Asks the registries for known holes in every pinned package of Python and of the pages.
# Fails on a hole, and where a registry cannot be asked: silence is no clean bill.
set -u
cd "$(dirname "$0")/../.."
lock=requirements-audit.lock
stamp=build/audit/prepared
sum=$(sha256sum "$lock")
if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
    rm -rf build/audit
    python3 -m venv build/audit &&
        build/audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" &&
        echo "$sum" >"$stamp" || exit 1
fi
failed=0
for file in requirements.lock requirements-dev.lock; do
    echo "casewire: asking for $file" >&2
    build/audit/bin/pip-audit --strict --disable-pip --require-hashes -r "$file" || failed=1
done
echo "casewire: asking for package-lock.json" >&2
npm audit --package-lock-only || failed=1
exit "$failed"
