#!/bin/bash
# Dovecot, and the door for mails beside it; where one ends the container ends.
set -eu
umask 077
# Dovecot takes the one password of all mailboxes from its settings only.
printf 'passdb {\n  driver = static\n  args = password=%s\n}\n' "$(cat /run/secrets/password)" \
    >/tmp/passdb.conf
dovecot -F -c /srv/mail/dovecot.conf &
python3 /srv/mail/smtp.py &
trap 'kill $(jobs -p); wait; exit 0' TERM INT
wait -n
