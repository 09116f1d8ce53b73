"""The mails and notes that a rule's actions make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from services.cases import directory, store, template_store
from services.cases.actions import ledger
from services.cases.actions.discussion_mails import discussion_text, pass_on_discussion
from services.cases.actions.ledger import Origin
from services.cases.actions.mails import (
    Letter,
    Side,
    order_mail,
    phrases_for_partner,
    responsible_address,
)
from services.cases.actions.template_values import fill_in_mail, template_values
from services.cases.errors import ActionFailed
from services.cases.model.audience import audience_of
from services.cases.model.phrases import Phrases, phrases
from services.contracts import rules
from services.contracts.cases import CaseSnapshot, Watcher
from services.contracts.directory import User
from services.contracts.mail import Address
from services.messaging.transaction import Transaction


@dataclass(frozen=True)
class RuleMail:
    """A mail as it will be ordered, and what the history says of it."""

    to: tuple[Address, ...]
    letter: Letter
    told: str


def mail_of(transaction: Transaction, case: CaseSnapshot, action: Any) -> RuleMail | None:
    """The mail that an action makes of the case as it will be; None for one that makes none.

    Raises ActionFailed when there is nobody to get it or no template, and InvalidRequest when
    the template cannot be filled in.
    """
    match action:
        case rules.Remind():
            letter = _reminder(case, action, _words(transaction, case, action.whom))
            return _mail("reminded", transaction, case, action.whom, letter)
        case rules.SendTemplate():
            letter = _from_template(transaction, case, action)
            letter = replace(letter, side=_side(action.whom))
            return _mail("mailed", transaction, case, action.whom, letter)
    return None


def write_of(
    transaction: Transaction,
    origin: Origin,
    before: CaseSnapshot,
    after: CaseSnapshot,
    action: Any,
) -> None:
    """A note, and what new watchers get to read, about the case as it stands now."""
    match action:
        case rules.AddWatchers():
            there = {watcher.address for watcher in before.watchers}
            new = [w for w in after.watchers if w.address not in there]
            for watcher in new:
                _copy_to(transaction, origin, after, watcher)
        case rules.AddNote(text=text):
            row = {"kind": "note", "direction": "internal", "text": text, "automatic": True}
            current = store.get(transaction.connection, after.number)
            ledger.add_message(transaction, origin, current, row)


def _copy_to(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, watcher: Watcher
) -> None:
    """Our own people get every copy; how many somebody outside gets is bounded: he may be a robot.

    See docs/decisions/0010.
    """
    outside = directory.user_by_address(transaction.connection, watcher.address) is None
    pass_on_discussion(
        transaction,
        origin,
        case,
        [Address(address=watcher.address, name=watcher.name)],
        lambda words: words.in_copy,
        purpose="copy",
        automatic=outside,
    )


def order_rule_mail(
    transaction: Transaction, origin: Origin, case: CaseSnapshot, action: Any, mail: RuleMail
) -> None:
    """Order what `mail_of` made of the action."""
    letter = _with_discussion(transaction, case, action, mail.letter)
    order_mail(transaction, origin, case, mail.to, letter)


def _mail(
    word: str, transaction: Transaction, case: CaseSnapshot, whom: str, letter: Letter
) -> RuleMail:
    to = _recipients(transaction, case, whom)
    if not to:
        raise ActionFailed(f"{word} nobody: the case has no {whom} with an address")
    return RuleMail(tuple(to), letter, f"{word} {', '.join(one.address for one in to)}")


def _reminder(case: CaseSnapshot, action: rules.Remind, words: Phrases) -> Letter:
    usual = words.reminder.format(
        number=case.number, subject=case.subject, state=words.states[case.state]
    )
    return Letter(
        "reminder",
        action.text or usual,
        automatic=True,
        side=_side(action.whom),
        language=words.language,
    )


def _words(transaction: Transaction, case: CaseSnapshot, whom: str) -> Phrases:
    """The responsible reads his own language; among watchers there may be the partner's people."""
    if whom == "responsible" and case.responsible is not None:
        user = directory.find(transaction.connection, User, case.responsible.id)
        if user is not None:
            return phrases(user.language)
    return phrases_for_partner(transaction, case)


def _side(whom: str) -> Side:
    return "ours" if whom == "responsible" else "partner"


def _with_discussion(
    transaction: Transaction, case: CaseSnapshot, action: Any, letter: Letter
) -> Letter:
    """What was said until now, where a reminder wants it; our notes only for our own people."""
    if not (isinstance(action, rules.Remind) and action.with_discussion):
        return letter
    ours = action.whom == "responsible"
    words = phrases(letter.language)
    said = discussion_text(transaction, case.number, words, with_notes=ours)
    return replace(letter, text=f"{letter.text}\n\n{said}")


def _from_template(
    transaction: Transaction, case: CaseSnapshot, action: rules.SendTemplate
) -> Letter:
    subject, text = action.subject, action.text
    if action.template_id is not None:
        template = template_store.find(transaction.connection, action.template_id)
        if template is None:
            raise ActionFailed(f"there is no template {action.template_id}")
        if not template.active:
            raise ActionFailed(f"the template “{template.name}” is retired")
        subject, text = template.subject, template.text
    values = template_values(transaction.connection, case)
    subject, text = fill_in_mail(subject, text, values)
    return Letter("template", text, automatic=True, subject=subject)


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
