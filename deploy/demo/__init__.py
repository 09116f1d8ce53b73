"""A month of a support team, told to a running Casewire through its front door.

Customers write by mail (each is piped into `python -m services.mailgw deliver`), agents
answer through the API, each with a token of his own. Two things cannot be had by the front
door: a case dates itself, so the whole month happens today, and only deadlines, meetings
and deliveries lie around today; and answers to a mail of ours carry only the [number] in the
subject, since nobody holds the mails that would have been sent.

The company, its customers and suppliers are invented, their addresses end in `.example`,
which no mail reaches. What Casewire sends waits in the gateway until an outgoing account is
approved: do not fill a system that is to be used in earnest.
"""
