#!/bin/sh
# Installs RabbitMQ from the distribution's packages. Where systemd runs, the package starts
# it, now and at each boot, and Casewire uses that one. Elsewhere (a container) nobody would
# start it again after the next boot, so it is kept from starting and Casewire runs its own.
set -eu

echo "casewire: installing rabbitmq-server" >&2
policy=/usr/sbin/policy-rc.d
if [ ! -d /run/systemd/system ] && [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends rabbitmq-server >/dev/null
