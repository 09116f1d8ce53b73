"""What is to be written into the documents that the search reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.cases.model.words import words_of
from services.contracts.cases import CaseSnapshot

# PostgreSQL keeps at most a megabyte in one document, positions of the words included. What
# goes beyond these bytes of words is not found.
MOST_BYTES = {"head": 10_000, "description": 50_000, "message": 50_000, "discussion": 200_000}


@dataclass(frozen=True)
class Writing:
    """New words of a case; a part that is None stays as it is, `discussion` is added."""

    number: int
    new: bool = False
    head: Sequence[str] | None = None
    description: Sequence[str] | None = None
    discussion: Sequence[str] = ()

    def then(self, later: Writing) -> Writing:
        """Both in one."""
        discussion = (*self.discussion, *later.discussion)
        description = self.description if later.description is None else later.description
        if self.new and description and discussion[-len(description) :] == tuple(description):
            description = ()  # a case opened by mail is described by its first message
        return replace(
            self,
            head=self.head if later.head is None else later.head,
            description=description,
            discussion=discussion,
        )


def head_of(case: CaseSnapshot) -> list[str]:
    """The words of subject, partner, contact and tags."""
    partner = case.partner.name if case.partner else ""
    contact = f"{case.contact.name} {case.contact.address}" if case.contact else ""
    head = f"{case.subject} {partner} {contact} {' '.join(case.tags)}"
    return words_of(head, MOST_BYTES["head"])


def description_words(description: str) -> list[str]:
    """The words of a description."""
    return words_of(description, MOST_BYTES["description"])


def message_words(subject: str, text: str) -> list[str]:
    """The words of an entry of the discussion."""
    return words_of(f"{subject} {text}", MOST_BYTES["message"])


def whole(case: CaseSnapshot, description: str, said: Iterable[tuple[str, str]]) -> Writing:
    """The document of a case that has none yet; `said` are subjects and texts of its entries."""
    discussion: list[str] = []
    left = MOST_BYTES["discussion"]
    for subject, text in said:
        words = words_of(f"{subject} {text}", min(left, MOST_BYTES["message"]))
        discussion += words
        left -= sum(len(word.encode()) + 1 for word in words)
    words = description_words(description)
    return Writing(case.number, True, head_of(case), words, discussion)
