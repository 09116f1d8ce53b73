"""What a mail account still lacks for its mails to reach somebody (M5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.contracts.directory import Section, User
from services.contracts.errors import ServiceAway
from services.contracts.rules import Assign, Criteria, Rule
from services.web.clients.accounts import IncomingAccount
from services.web.translation import gettext, gettext_noop
from services.web.wiring import Wiring

AT_ONCE = "none"
NOBODY = gettext_noop("No active rule assigns its new cases: nobody gets them by mail.")


@dataclass(frozen=True)
class Office:
    """Who is there, and the addresses of our own accounts, in lower case."""

    rules: Sequence[Rule]
    users: Mapping[int, User]
    sections: Mapping[int, Section]
    own_addresses: frozenset[str]


def warnings_of(account: IncomingAccount, office: Office) -> list[str]:
    """A sentence for each thing that keeps its new cases from reaching somebody by mail.

    A rule counts when it can hold for such a case, as far as the account tells of it.
    """
    found = list(_assignments(account, office))
    if not found:
        return [gettext(NOBODY)]
    told = [_trouble(rule, action, account, office) for rule, action in found]
    return list(dict.fromkeys(sentence for sentence in told if sentence))


def warnings_by_name(wiring: Wiring, known: Sequence[IncomingAccount]) -> dict[str, list[str]]:
    """The sentences for each account that has any, by its name; none while rules is away."""
    addresses = [one.address.lower() for one in (*known, *wiring.mailgw.outgoing()) if one.address]
    try:
        rules = wiring.rules.list_rules()
    except ServiceAway:
        return {}  # accounts can be looked after without it
    office = Office(
        rules,
        {user.id: user for user in wiring.directory.users()},
        {section.id: section for section in wiring.directory.sections()},
        frozenset(addresses),
    )
    found = {account.name: warnings_of(account, office) for account in known}
    return {name: sentences for name, sentences in found.items() if sentences}


def _assignments(account: IncomingAccount, office: Office) -> Iterator[tuple[Rule, Assign]]:
    for rule in office.rules:
        if not (rule.active and _can_hold(rule, account, office.sections)):
            continue
        for action in rule.actions:
            # A case that nobody is responsible for has no stand-in either.
            if isinstance(action, Assign) and action.to != "stand_in":
                yield rule, action


def _can_hold(rule: Rule, account: IncomingAccount, sections: Mapping[int, Section]) -> bool:
    wanted, becomes = rule.criteria, account.new_case
    begins = ("none", "any") if rule.trigger.date == AT_ONCE else ("none", "any", "draft")
    return (
        wanted.state_from in begins
        and wanted.state_to in ("draft", "any")
        and wanted.responsible_id is None
        and wanted.kind in (None, becomes.kind)
        and wanted.priority in (None, becomes.priority)
        and wanted.category_id in (None, becomes.category_id)
        and _can_be_in(wanted, becomes.section_id, sections)
    )


def _can_be_in(wanted: Criteria, section_id: int | None, sections: Mapping[int, Section]) -> bool:
    if wanted.section_id is None or section_id is None:  # by the address written to: any
        return True
    if not wanted.with_subsections:
        return section_id == wanted.section_id
    return wanted.section_id in _upwards(section_id, sections)


def _upwards(section_id: int, sections: Mapping[int, Section]) -> set[int]:
    found: set[int] = set()
    at: int | None = section_id
    while at is not None and at not in found:
        found.add(at)
        at = sections[at].parent_id if at in sections else None
    return found


def _trouble(rule: Rule, action: Assign, account: IncomingAccount, office: Office) -> str:
    if action.to == "user":
        who = office.users.get(action.user_id or 0)
        why = _unreachable(who, office)
        if not why:
            return ""
        return gettext(
            "The rule “%(rule)s” assigns its cases to %(name)s, who %(why)s.",
            rule=rule.name,
            name=who.name if who else gettext("somebody unknown"),
            why=why,
        )
    section = office.sections.get(rule.criteria.section_id or account.new_case.section_id or 0)
    if section is None:
        return ""  # it is known by the mail alone
    ids = [section.manager_id] if action.to == "manager" else list(section.member_ids)
    if any(not _unreachable(office.users.get(one or 0), office) for one in ids):
        return ""
    named = {"rule": rule.name, "section": section.name}
    if action.to == "manager":
        return gettext(
            "The rule “%(rule)s” assigns to the manager of %(section)s: "
            "nobody there can be mailed.",
            **named,
        )
    return gettext(
        "The rule “%(rule)s” assigns to the members of %(section)s: nobody there can be mailed.",
        **named,
    )


def _unreachable(user: User | None, office: Office) -> str:
    """Why mail about cases does not reach him; empty when it does."""
    if user is None or not user.active:
        return gettext("is retired")
    if user.role == "read-only":
        return gettext("may only read")
    if not user.address:
        return gettext("has no mail address")
    if user.address.lower() in office.own_addresses:
        return gettext("has the address of an account of ours")
    return ""
