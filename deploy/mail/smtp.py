"""Takes every mail by SMTP and hands it to Dovecot by LMTP (RFC 2033), which has its mailbox."""

from __future__ import annotations

import asyncio
import signal
import smtplib

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SMTP_PORT, LMTP_PORT = 1025, 1024
MOST_BYTES = 100 * 1024 * 1024


class ToDovecot:
    """The handler of one mail; what Dovecot refuses is answered so, and the sender keeps it."""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """An SMTP answer (RFC 5321 §4.2)."""
        try:
            await asyncio.to_thread(_hand_over, envelope)
        except (OSError, smtplib.SMTPException) as error:
            return f"451 4.3.0 not delivered: {error}".replace("\n", " ")
        return "250 2.0.0 delivered"


def _hand_over(envelope: Envelope) -> None:
    with smtplib.LMTP("127.0.0.1", LMTP_PORT) as door:
        content = envelope.content or b""
        refused = door.sendmail(envelope.mail_from or "", envelope.rcpt_tos, content)
        if refused:
            raise smtplib.SMTPRecipientsRefused(refused)


def main() -> None:
    """Until the container is stopped."""
    controller = Controller(
        ToDovecot(), hostname="0.0.0.0", port=SMTP_PORT, data_size_limit=MOST_BYTES
    )
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    main()
