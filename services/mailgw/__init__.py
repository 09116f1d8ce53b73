"""The mail gateway: takes mails in, tells the bus of them, and sends what it is ordered to."""
