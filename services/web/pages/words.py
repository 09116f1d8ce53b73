"""The words that pages use for what services call by code."""

from __future__ import annotations

import zlib

STATES = {
    "draft": "Draft",
    "open": "Open",
    "pending": "Pending",
    "done": "Done",
    "cancelled": "Cancelled",
}
# What the button says that moves a case there.
MOVES = {
    "draft": "Back to draft",
    "open": "Open",
    "pending": "Pending",
    "done": "Done",
    "cancelled": "Cancel",
}
PRIORITIES = {
    "highest": "Highest",
    "high": "High",
    "normal": "Normal",
    "low": "Low",
    "lowest": "Lowest",
}
ROLES = {
    "admin": "Administrator",
    "manager": "Manager",
    "agent": "Agent",
    "read-only": "Read only",
}
SIGHT = {"all": "All cases", "sections": "Those of his sections, and his own"}
ATTENDANCE = {
    "waiting": "no answer yet",
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "perhaps",
}
# How a case stands to the one that it is linked to.
RELATIONS = {
    "related": "Related to",
    "follows": "Follows",
    "followed_by": "Followed by",
    "duplicate_of": "Duplicate of",
    "duplicated_by": "Duplicated by",
}
FIELDS = {
    "contact": "Contact",
    "contact_address": "Contact",
    "estimated_revenue": "Estimated revenue",
    "estimated_cost": "Estimated cost",
    "duration_minutes": "Duration",
    "section_id": "Section",
    "responsible_id": "Responsible",
    "partner_id": "Partner",
    "category_id": "Category",
    "custom": "Other fields",
    "add_tags": "Tags to add",
    "remove_tags": "Tags to take away",
    "responded_at": "First answer",
    "merged_into": "Merged into",
    "is_customer": "Customer",
    "is_supplier": "Supplier",
    "parent_id": "Lies under",
    "escalation_id": "Escalates to",
    "manager_id": "Manager",
    "member_ids": "Members",
    "stand_in_id": "Stand-in",
    "category_ids": "Categories",
    "close_on_reply": "A reply by mail closes the case",
    "close_on_partner_answer": "An answer of the partner closes the case",
    "portal": "Links to the partners’ portal",
    "portal_links_ended_at": "Portal links ended",
    "reopen": "A mail to a closed case",
    "sees": "Sees",
    "all_day": "All day",
    "recurrence": "Repeats",
    "occurrences": "Single meetings",
    "attendees": "Attendees",
    "plus_addresses": "Answers to signed addresses",
}

# What set a rule off, as its page and a case's history tell it.
EVENTS = {
    "case.created": "the opening of the case",
    "case.updated": "a change of the case",
    "case.state_changed": "a change of state",
    "case.message_added": "a message",
    "case.escalated": "an escalation",
}


def move_words(before: str, after: str) -> str:
    """What the button says that moves a case from one state to another."""
    if after == "open" and before in ("done", "cancelled"):
        return "Reopen"
    return MOVES[after]


def label(code: str) -> str:
    """A code as a person reads it: "estimated_cost" is "Estimated cost"."""
    for known in (STATES, PRIORITIES, ROLES, FIELDS):
        if code in known:
            return known[code]
    return code.replace("_", " ").replace("-", " ").capitalize()


def initials(name: str) -> str:
    """Two letters for a round picture: "Anna Berger" is "AB"."""
    words = [word for word in name.split("<", maxsplit=1)[0].split() if word[:1].isalnum()]
    if not words:
        return name[:1].upper() or "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def hue(name: str) -> int:
    """One of twelve colours, always the same for a name."""
    return zlib.crc32(name.encode()) % 12
