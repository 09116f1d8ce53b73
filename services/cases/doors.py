"""Commands by name: what each takes, and which action carries it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from services.cases.actions.by_portal import answer_by_portal, ask_for_cases, close_by_portal
from services.cases.actions.change_case import change_case, escalate_case, move_case
from services.cases.actions.change_cases import change_cases
from services.cases.actions.end_portal_links import end_portal_links
from services.cases.actions.link_cases import link_cases, unlink_cases
from services.cases.actions.merge_case import merge_case
from services.cases.actions.move_event import move_event
from services.cases.actions.once import once
from services.cases.actions.open_case import open_case
from services.cases.actions.save_directory import save_entry
from services.cases.actions.save_kind import save_kind
from services.cases.actions.save_node import save_node
from services.cases.actions.save_quality_action import save_quality_action
from services.cases.actions.save_template import save_template
from services.cases.actions.send_invitation import send_invitation
from services.cases.actions.split_case import split_case
from services.cases.actions.write_message import write_message
from services.cases.errors import CarriedOutMeanwhile
from services.cases.sight import refuse_unseen
from services.contracts import calendar, case_commands, directory, portal
from services.contracts.envelope import Command
from services.contracts.reading import read
from services.messaging.transaction import Transaction, Transactions

Act = Callable[[Transaction, Any], BaseModel]

DOORS: dict[str, tuple[type[Command], Act]] = {
    "create_case": (case_commands.CreateCase, open_case),
    "change_case": (case_commands.ChangeCase, change_case),
    "move_case": (case_commands.MoveCase, move_case),
    "escalate_case": (case_commands.EscalateCase, escalate_case),
    "add_message": (case_commands.AddMessage, write_message),
    "change_cases": (case_commands.ChangeCases, change_cases),
    "move_event": (calendar.MoveEvent, move_event),
    "send_invitation": (calendar.SendInvitation, send_invitation),
    "merge_case": (case_commands.MergeCase, merge_case),
    "split_case": (case_commands.SplitCase, split_case),
    "link_cases": (case_commands.LinkCases, link_cases),
    "unlink_cases": (case_commands.UnlinkCases, unlink_cases),
    "portal_answer": (portal.AnswerByPortal, answer_by_portal),
    "portal_close": (portal.CloseByPortal, close_by_portal),
    "portal_ask_for_cases": (portal.AskForCases, ask_for_cases),
    "end_portal_links": (portal.EndPortalLinks, end_portal_links),
    "save_quality_action": (case_commands.SaveQualityAction, save_quality_action),
    "save_user": (directory.SaveUser, lambda t, c: save_entry(t, directory.User, c)),
    "save_section": (directory.SaveSection, lambda t, c: save_entry(t, directory.Section, c)),
    "save_partner": (directory.SavePartner, lambda t, c: save_entry(t, directory.Partner, c)),
    "save_category": (directory.SaveNode, lambda t, c: save_node(t, "category", c)),
    "save_partner_category": (
        directory.SaveNode,
        lambda t, c: save_node(t, "partner_category", c),
    ),
    "save_kind": (directory.SaveKind, save_kind),
    "save_template": (directory.SaveTemplate, save_template),
}


def carry_out(transactions: Transactions, name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Carry out the command called `name`, once for its idempotency key; its answer as JSON.

    Raises InvalidRequest for a command that does not fit its model, NotFound for a case that
    whoever gives it may not see, and what its action raises.
    """
    model, act = DOORS[name]
    command = read(model, given)
    while True:
        try:
            with transactions.begin() as transaction:
                refuse_unseen(transaction.connection, command)
                return once(
                    transaction,
                    name,
                    command,
                    lambda: act(transaction, command).model_dump(mode="json"),
                )
        except CarriedOutMeanwhile:
            continue
