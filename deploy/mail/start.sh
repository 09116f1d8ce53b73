#!/bin/sh
# Dovecot, and the door for mails beside it; where one ends the container ends.
set -eu
umask 077
# The password is read here, for Dovecot takes none from a file.
printf 'password=%s allow_nets=0.0.0.0/0\n' "$(cat /run/secrets/password)" >/tmp/password
dovecot -F -c /srv/mail/dovecot.conf &
trap 'kill %1 2>/dev/null || true; exit 0' TERM INT
python3 /srv/mail/smtp.py &
wait -n 2>/dev/null || wait
