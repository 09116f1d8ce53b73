"""roundup-mailgw on a port of its own: it knows no other than 143. `HOME USER PASSWORD PORT`."""

import imaplib
import sys

from roundup.scripts.roundup_mailgw import main

home, user, password, port = sys.argv[1:5]


class OnPort(imaplib.IMAP4):
    """The client, at the port of the bench's server."""

    def __init__(self, host):
        super().__init__(host, int(port))


imaplib.IMAP4 = OnPort
sys.exit(main([home, "imap", f"{user}:{password}@127.0.0.1"]))
