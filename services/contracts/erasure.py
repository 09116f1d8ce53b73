"""Taking a person out of what is kept, so that it can still be read and counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import ConfigDict

from services.contracts.envelope import Part

ERASED = "(erased)"
NAME = "Erased person"
SHORTEST_NAME = 3
# What people write, by the names that messages and rows have for it.
WRITTEN = frozenset({"subject", "text", "quoted", "html", "description", "remark", "signature"})
PERSON = {"name": NAME, "phone": ""}  # what stands beside an address of his
FILES = frozenset({"attachments"})


class Erasure(Part):
    """Who is erased: his mail address, what he is called, and his own cases by number.

    On those of `took_part` he has a part beside others: there his names are looked for, too.

    `stand_in` is the address that stands where his stood, alike everywhere, so that what belonged
    together still does. It leads nowhere (RFC 2606 §2).
    """

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    address: str
    names: tuple[str, ...] = ()
    cases: frozenset[int] = frozenset()
    took_part: frozenset[int] = frozenset()
    stand_in: str

    @cached_property
    def _address(self) -> re.Pattern[str]:
        """The whole address only: ann@ is no part of joann@."""
        found = re.escape(self.address)
        return re.compile(rf"(?<![\w.%+-]){found}(?![\w-]|\.\w)", re.IGNORECASE)

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        names = [re.escape(name) for name in self.names if len(name) >= SHORTEST_NAME]
        longest_first = "|".join(sorted(names, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)") if names else None

    def is_in(self, text: str) -> bool:
        """Whether a text holds his address."""
        return self._address.search(text) is not None

    def is_named_in(self, text: str) -> bool:
        """Whether a text holds his address, or one of his names."""
        return self.is_in(text) or (self._names is not None and bool(self._names.search(text)))

    def without(self, text: str) -> str:
        """The text with the stand-in for his address, and without his names."""
        replaced = self._address.sub(self.stand_in, text)
        return self._names.sub(NAME, replaced) if self._names else replaced


def is_his(value: Any, erasure: Erasure) -> bool:
    """Whether a message is about a case of his, or a mail that he wrote."""
    if not isinstance(value, Mapping):
        return False
    if value.get("case_id") in erasure.cases:
        return True
    data = value.get("data")
    sender = data.get("sender") if isinstance(data, Mapping) else None
    return isinstance(sender, Mapping) and erasure.is_in(str(sender.get("address", "")))


def erased(value: Any, erasure: Erasure, *, written: bool) -> Any:
    """A value of JSON without him; with `written` also without what was written and attached."""
    if isinstance(value, str):
        return erasure.without(value)
    if isinstance(value, list):
        return [erased(one, erasure, written=written) for one in value]
    if not isinstance(value, dict):
        return value
    if written and value.get("field") in WRITTEN:  # a change: the text before and after
        value = {**value, **{side: _blank(value.get(side)) for side in ("before", "after")}}
    if isinstance(address := value.get("address"), str) and erasure.is_in(address):
        value = {**value, **{key: new for key, new in PERSON.items() if value.get(key)}}
    return {key: _erased_field(key, one, erasure, written) for key, one in value.items()}


def _erased_field(key: str, value: Any, erasure: Erasure, written: bool) -> Any:
    if written and key in WRITTEN:
        return _blank(value)
    if written and key in FILES and isinstance(value, list):
        return []
    return erased(value, erasure, written=written)


def _blank(value: Any) -> Any:
    return ERASED if isinstance(value, str) and value else value
