"""What people change in the directory while cases go on: cases follow, and tell it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from integration.cases import case_strategies as given
from integration.cases.cases_machine import CasesMachine

from services.cases import tables


class DirectoryMachine(CasesMachine):
    """Names, trees, members, kinds and their fields change; some are retired."""

    @rule(gold=st.booleans(), name=st.sampled_from(["Blue", "Blue Ltd"]))
    def change_partner(self, gold: bool, name: str) -> None:
        fields = {"name": name, "category_ids": [2] if gold else []}
        version = self._version_of(tables.partners, 1)
        self._command("save_partner", id=1, version=version, fields=fields)

    @rule(closes=st.booleans(), ends=st.booleans(), reopen=st.sampled_from(["reopen", "linked"]))
    def change_section(self, closes: bool, ends: bool, reopen: str) -> None:
        fields = {"close_on_reply": closes, "close_on_partner_answer": ends, "reopen": reopen}
        version = self._version_of(tables.sections, 1)
        self._command("save_section", id=1, version=version, fields=fields)

    @rule(name=st.sampled_from(["Support", "Care"]), parent=st.sampled_from([None, 1, 2, 3]))
    def move_section(self, name: str, parent: int | None) -> None:
        fields = {"name": name, "parent_id": parent}
        version = self._version_of(tables.sections, 1)
        self._command("save_section", id=1, version=version, fields=fields)

    @rule(
        tree=st.sampled_from(["category", "partner_category"]),
        id=st.sampled_from([1, 2]),
        name=st.sampled_from(["One", "Two"]),
        parent=st.sampled_from([None, 1, 2]),
        active=st.booleans(),
    )
    def move_category(self, tree: str, **node: Any) -> None:
        node["parent_id"] = node.pop("parent")
        self._command(f"save_{tree}", **node)

    @rule(name=st.sampled_from(["Eve Expert", "Eve Married"]), active=st.booleans())
    def change_user(self, name: str, active: bool) -> None:
        version = self._version_of(tables.users, self.desk.eve)
        fields = {"name": name, "active": active}
        self._command("save_user", id=self.desk.eve, version=version, fields=fields)

    @rule(keep=st.sets(st.integers(0, 4)), red=st.booleans(), needed=st.booleans())
    def change_kind(self, keep: set[int], red: bool, needed: bool) -> None:
        fields = [{**one, "required": needed} for one in given.FIELDS_OF_CLAIM]
        fields[3] = {**fields[3], "choices": ["red" if red else "green", "blue"]}
        kept = [field for at, field in enumerate(fields) if at in keep]
        self._command("save_kind", code="claim", name="Claim", fields=kept)
