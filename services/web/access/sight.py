"""What the user behind the present request may see; the services are asked for no more (O3)."""

from __future__ import annotations

from flask import g, has_request_context

from services.contracts.directory import User
from services.contracts.reports import Seen
from services.contracts.sight import is_restricted, sections_of
from services.web.clients.directory import DirectoryClient

# What shows cases of every section: whoever sees only his own has no use of them.
NEEDS_WHOLE_SIGHT = frozenset(
    {
        *("rule.show", "rule.rehearse", "mails.show", "mails.one", "mails.source"),
        *("mails.download", "mails.act", "mails.of_entry"),
        # Grades tell of suppliers by the cases of all sections, and act on all of them.
        *("gradings.show", "gradings.one", "gradings.edit", "gradings.save", "gradings.delete"),
        *("api_gradings.list_gradings", "api_gradings.get_grading", "api_gradings.get_grades"),
        *("api_gradings.create_grading", "api_gradings.change_grading"),
        "api_gradings.delete_grading",
        *("outgoing_mails.show", "outgoing_mails.act"),
        *("api_rules.try_rule", "api_rules.get_rule_summary", "api_rules.list_rule_failures"),
        *("api_rules.list_firings", "api_mails.list_mails", "api_mails.get_mail"),
        *("api_mails.download_mail", "api_mails.act_on_mail"),
        *("api_outgoing_mails.list_outgoing_mails", "api_outgoing_mails.act_on_outgoing_mail"),
    }
)


def asker_id() -> int | None:
    """Who asks; None where no user does, as when somebody signs in."""
    user = _asker()
    return user.id if user else None


def seen_in_reports(directory: DirectoryClient) -> Seen | None:
    """What reports may count for him; None for all."""
    user = _asker()
    if user is None or not is_restricted(user):
        return None
    sections = tuple(sections_of(user, directory.sections()))
    return Seen(section_ids=sections, responsible_id=user.id)


def is_beyond(user: User, endpoint: str) -> bool:
    """Whether the route shows cases that he may not see."""
    return endpoint in NEEDS_WHOLE_SIGHT and is_restricted(user)


def _asker() -> User | None:
    if not has_request_context():
        return None
    user = g.get("user")
    return user if isinstance(user, User) else None
