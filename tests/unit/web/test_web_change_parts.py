"""A change that holds several things reads as those that differ."""

from __future__ import annotations

from services.contracts.cases import Change
from services.web.pages.history_words import shown_changes

ACTION = {"id": 1, "type": "preventive", "text": "New rollers", "due": "2026-12-01"}


def test_K7_only_the_action_that_changed_is_told() -> None:
    other = {"id": 2, "text": "Call", "type": "corrective"}
    done = {**ACTION, "done_at": "2026-11-25T10:00:00Z"}
    change = Change(field="quality_actions", before=[ACTION, other], after=[done, other])
    words = "New rollers (preventive, due 2026-12-01"
    assert shown_changes([change], "UTC") == (("Action", f"{words})", f"{words}, done)"),)
    added = Change(field="quality_actions", before=[], after=[other])
    assert shown_changes([added], "UTC") == (("Action", "–", "Call (corrective)"),)


def test_A2_the_moment_of_the_first_answer_reads_as_one() -> None:
    change = Change(field="responded_at", before=None, after="2026-11-25T10:00:00Z")
    assert shown_changes([change], "UTC") == (("First answer", "–", "Wed 25 Nov 2026, 10:00"),)
