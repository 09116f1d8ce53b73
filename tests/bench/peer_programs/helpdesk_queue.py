"""Point django-helpdesk's queue at a folder, or at a mailbox: `local PATH`, `imap PORT PASSWORD`.

The interval is 0: a queue is else left alone until it is over.
"""

import sys

import django

django.setup()

from helpdesk.models import Queue  # noqa: E402  Django first

kind, place = sys.argv[1:3]
fields = {"email_box_type": kind, "email_box_interval": 0, "email_box_last_check": None}
if kind == "local":
    fields["email_box_local_dir"] = place
else:
    fields |= {"email_box_host": "127.0.0.1", "email_box_port": int(place)}
    fields |= {"email_box_imap_folder": "INBOX"}
    fields |= {"email_box_user": "helpdesk", "email_box_pass": sys.argv[3]}
fields |= {"title": "Support", "email_address": "support@ours.example"}
Queue.objects.update_or_create(slug="support", defaults={**fields, "allow_email_submission": True})
