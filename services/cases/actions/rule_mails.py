"""The mails and notes that a rule's actions make."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import (
    Letter,
    discussion_text,
    order_mail,
    pass_on_discussion,
    responsible_address,
)
from services.cases.model.audience import audience_of
from services.contracts import rules
from services.contracts.cases import CaseSnapshot
from services.contracts.mail import Address
from services.messaging.transaction import Transaction

_TEMPLATES = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


def told_of(transaction: Transaction, case: CaseSnapshot, action: Any) -> str:
    """What an action does beside changing fields, in words; it changes none of its own."""
    match action:
        case rules.Remind(whom=whom):
            return _mailed("reminded", transaction, case, whom)
        case rules.SendTemplate(whom=whom):
            return _mailed("mailed", transaction, case, whom)
    return ""


def _mailed(word: str, transaction: Transaction, case: CaseSnapshot, whom: str) -> str:
    to = [one.address for one in _recipients(transaction, case, whom)]
    if not to:
        return f"{word} nobody: the case has no {whom} with an address"
    return f"{word} {', '.join(to)}"


def write_of(
    transaction: Transaction,
    origin: Origin,
    before: CaseSnapshot,
    after: CaseSnapshot,
    action: Any,
) -> None:
    """The mails and notes an action makes, about the case as it stands now."""
    match action:
        case rules.AddWatchers():
            there = {watcher.address for watcher in before.watchers}
            new = [w for w in after.watchers if w.address not in there]
            for watcher in new:
                words = "You were put in copy of this case. Your answer goes to the partner."
                to = [Address(address=watcher.address, name=watcher.name)]
                pass_on_discussion(transaction, origin, after, to, words, purpose="copy")
        case rules.Remind():
            _remind(transaction, origin, after, action)
        case rules.SendTemplate():
            _send_template(transaction, origin, after, action)
        case rules.AddNote(text=text):
            row = {"kind": "note", "direction": "internal", "text": text, "automatic": True}
            current = store.get(transaction.connection, after.number)
            ledger.add_message(transaction, origin, current, row)


def _remind(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, action: rules.Remind
) -> None:
    to = _recipients(transaction, case, action.whom)
    text = (
        action.text or f"A reminder of case [{case.number}] {case.subject}, which is {case.state}."
    )
    if action.with_discussion:
        ours = action.whom == "responsible"
        text += "\n\n" + discussion_text(transaction, case.number, with_notes=ours)
    order_mail(transaction, origin, case, to, Letter("reminder", text, automatic=True))


def _send_template(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, action: rules.SendTemplate
) -> None:
    to = _recipients(transaction, case, action.whom)
    try:
        subject = _TEMPLATES.from_string(action.subject).render(case=case)
        text = _TEMPLATES.from_string(action.text).render(case=case)
    except TemplateError as error:
        current = store.get(transaction.connection, case.number)
        why = f"{origin.reason}; its template cannot be filled in: {error}"
        ledger.note(transaction, Origin(origin.actor, origin.cause, why, origin.at), current)
        return
    letter = Letter("template", text, automatic=True, subject=subject)
    order_mail(transaction, origin, case, to, letter)


def _recipients(transaction: Transaction, case: CaseSnapshot, whom: str) -> list[Address]:
    responsible = responsible_address(transaction, case)
    if whom == "responsible":
        return [responsible] if responsible else []
    if whom == "partner":
        contact = case.contact
        return [Address(address=contact.address, name=contact.name)] if contact else []
    everybody = audience_of(case, responsible)
    watching = {watcher.address for watcher in case.watchers}
    found = (*everybody.staff_side, *everybody.partner_side)
    return [one for one in found if one.address in watching]
