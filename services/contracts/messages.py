"""Every message type by name, and reading one from its bytes."""

from __future__ import annotations

from pydantic import ValidationError

from services.contracts import cases, directory, filing, grades, mail, presence, rules
from services.contracts.envelope import Envelope
from services.contracts.errors import UnreadableMessage

MESSAGES: dict[str, type[Envelope]] = {
    model.TYPE: model
    for model in (
        cases.CaseCreated,
        cases.CaseUpdated,
        cases.CaseStateChanged,
        cases.CaseMessageAdded,
        cases.CaseEscalated,
        directory.UserChanged,
        directory.SectionChanged,
        directory.PartnerChanged,
        directory.CategoryChanged,
        directory.KindChanged,
        directory.TemplateChanged,
        mail.MailReceived,
        mail.MailSend,
        mail.MailSent,
        mail.MailBounced,
        filing.MailFiled,
        mail.MailQuarantined,
        rules.RuleFired,
        rules.RuleStopped,
        presence.PresenceNoted,
        grades.PartnerGraded,
    )
}


def read_message(type_name: str, body: bytes | str) -> Envelope:
    """The message in `body` (JSON).

    Raises UnreadableMessage when the type is unknown or the body does not fit it.
    """
    model = MESSAGES.get(type_name)
    if model is None:
        raise UnreadableMessage(f"no message type is called {type_name!r}")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise UnreadableMessage(f"{type_name}: {error}") from error
