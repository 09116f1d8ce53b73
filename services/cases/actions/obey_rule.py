"""A rule fired: its actions are carried out in one go, and the history says so (A3, A4)."""

from __future__ import annotations

from typing import Any, cast

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.assignment import tell_new_responsible
from services.cases.actions.find_assignee import find_assignee
from services.cases.actions.ledger import Origin, section_of
from services.cases.actions.mails import (
    Letter,
    discussion_text,
    order_mail,
    pass_on_discussion,
    responsible_address,
)
from services.cases.actions.values import category_values, responsible_values, section_values
from services.cases.errors import ActionFailed
from services.cases.model.audience import audience_of
from services.cases.model.states import MOVES
from services.contracts import rules
from services.contracts.cases import CaseSnapshot, State, Watcher
from services.contracts.envelope import Envelope
from services.contracts.errors import ContractError
from services.contracts.mail import Address
from services.messaging.transaction import Transaction

_TEMPLATES = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


def obey_rule(transaction: Transaction, message: Envelope) -> None:
    """Carry out `rule.fired`; what cannot be done is named in the history."""
    fired = cast(rules.RuleFired, message)
    before = store.get(transaction.connection, fired.case_id)
    values: dict[str, Any] = {}
    refused: list[str] = []
    for action in fired.data.actions:
        try:
            values |= _values(transaction, before.model_copy(update=values), action)
        except (ActionFailed, ContractError) as error:
            refused.append(f"{action.do}: {error}")
    origin = _origin(fired, refused)
    escalated = any(isinstance(action, rules.Escalate) for action in fired.data.actions)
    after = ledger.change(transaction, origin, before, values, escalated=escalated)
    if after is before:
        after = ledger.note(transaction, origin, before)
    tell_new_responsible(transaction, origin, before, after)
    for action in fired.data.actions:
        _write(transaction, origin, before, after, action)


def _origin(fired: rules.RuleFired, refused: list[str]) -> Origin:
    why = "; ".join(fired.data.why)
    reason = f"rule “{fired.data.rule_name}”" + (f" because {why}" if why else "")
    if refused:
        reason += f"; not done: {'; '.join(refused)}"
    return Origin(fired.actor, fired.caused(), reason)


def _values(transaction: Transaction, case: CaseSnapshot, action: Any) -> dict[str, Any]:
    """What an action changes; nothing for one that writes a mail or a note."""
    connection = transaction.connection
    values: dict[str, Any] = {}
    match action:
        case rules.SetState(state=state):
            values = _state_values(case, state)
        case rules.MoveToSection(section_id=section_id):
            values = section_values(connection, section_id)
        case rules.Assign():
            values = responsible_values(connection, find_assignee(transaction, case, action))
        case rules.SetPriority(priority=priority):
            values = {"priority": priority}
        case rules.SetCategory(category_id=category_id):
            values = category_values(connection, category_id)
        case rules.AddWatchers(addresses=addresses):
            values = {"watchers": _with_watchers(case, addresses)}
        case rules.Escalate():
            values = escalation_values(transaction, case)
    return values


def _state_values(case: CaseSnapshot, state: State) -> dict[str, Any]:
    if state != case.state and state not in MOVES[case.state]:
        raise ActionFailed(f"a {case.state} case cannot become {state}")
    return {"state": state}


def escalation_values(transaction: Transaction, case: CaseSnapshot) -> dict[str, Any]:
    """The section above, and the former responsible as a watcher (K4). Raises ActionFailed."""
    section = section_of(transaction, case)
    above = section.escalation_id or section.parent_id if section else None
    if above is None:
        raise ActionFailed("its section escalates to none; set one in the section")
    values = section_values(transaction.connection, above)
    former = responsible_address(transaction, case)
    if former is not None:
        values["watchers"] = _with_watchers(case, (former.address,))
    return {**values, "responsible": None}


def _with_watchers(case: CaseSnapshot, addresses: tuple[str, ...]) -> tuple[Watcher, ...]:
    there = {watcher.address.lower() for watcher in case.watchers}
    new = [one for one in dict.fromkeys(addresses) if one.lower() not in there]
    return (*case.watchers, *(Watcher(address=one, side="staff") for one in new))


def _write(
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
