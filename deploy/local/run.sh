#!/bin/sh
# `make run`: prepares this folder, then starts Casewire on this machine until Ctrl-C.
set -eu
cd "$(dirname "$0")/../.."

deploy/local/prepare.sh run
if [ -x deploy/local/static.sh ]; then
    deploy/local/static.sh
fi
exec .venv/bin/python -m deploy.local.run
