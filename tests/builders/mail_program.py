"""What a person's mail program makes: a new mail, or an answer to one that came in."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid


def new_mail(
    sender: str, to: str, subject: str, text: str, *, cc: str = "", attachment: bytes = b""
) -> EmailMessage:
    """A mail as it leaves a mail program; an attachment is called burnt.png."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if cc:
        mail["Cc"] = cc
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    mail.set_content(text)
    if attachment:
        mail.add_attachment(attachment, maintype="image", subtype="png", filename="burnt.png")
    return mail


def answer_to(received: EmailMessage, sender: str, text: str) -> EmailMessage:
    """An answer to a mail, quoting it, to where its From points."""
    subject = str(received["Subject"])
    body = received.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in (body.get_content() if body else "").splitlines())
    words = f"{text}\n\nOn Monday, {received['From']} wrote:\n{quoted}\n"
    mail = new_mail(sender, str(received["From"]), f"Re: {subject}", words)
    mail["In-Reply-To"] = str(received["Message-ID"])
    references = f"{received.get('References', '')} {received['Message-ID']}"
    mail["References"] = " ".join(references.split())
    return mail
