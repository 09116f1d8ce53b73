"""A rule fired: its actions are carried out in one go, and the history says so (A3, A4)."""

from __future__ import annotations

from typing import Any, cast

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.assignment import tell_new_responsible
from services.cases.actions.find_assignee import find_assignee
from services.cases.actions.ledger import Origin, section_of
from services.cases.actions.mails import responsible_address
from services.cases.actions.rule_mails import told_of, write_of
from services.cases.actions.values import category_values, responsible_values, section_values
from services.cases.errors import ActionFailed
from services.cases.model.states import MOVES
from services.contracts import rules
from services.contracts.cases import CaseSnapshot, State, Watcher
from services.contracts.envelope import Envelope
from services.contracts.errors import ContractError
from services.messaging.transaction import Transaction


def obey_rule(transaction: Transaction, message: Envelope) -> None:
    """Carry out `rule.fired`; what cannot be done is named in the history."""
    fired = cast(rules.RuleFired, message)
    before = store.get(transaction.connection, fired.case_id)
    values: dict[str, Any] = {}
    refused: list[str] = []
    escalated = False
    for action in fired.data.actions:
        try:
            values |= _values(transaction, before.model_copy(update=values), action)
        except (ActionFailed, ContractError) as error:
            refused.append(f"{action.do}: {error}")
        else:
            escalated = escalated or isinstance(action, rules.Escalate)
    intended = before.model_copy(update=values)
    told = [told_of(transaction, intended, action) for action in fired.data.actions]
    origin = _origin(fired, [one for one in told if one], refused)
    after = ledger.change(transaction, origin, before, values, escalated=escalated)
    if after is before:
        after = ledger.note(transaction, origin, before)
    tell_new_responsible(transaction, origin, before, after)
    for action in fired.data.actions:
        write_of(transaction, origin, before, after, action)


def _origin(fired: rules.RuleFired, told: list[str], refused: list[str]) -> Origin:
    why = "; ".join(fired.data.why)
    reason = f"rule “{fired.data.rule_name}”" + (f" because {why}" if why else "")
    if told:
        reason += f"; {'; '.join(told)}"
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
