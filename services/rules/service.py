"""The doors of the rules service."""

from __future__ import annotations

from typing import Any

from eventlet import tpool

from services.contracts.envelope import Envelope
from services.contracts.errors import CROSSING, NotFound
from services.messaging.bus import Bus, Provided
from services.messaging.consumer import consume
from services.messaging.door import rpc
from services.messaging.periodic import every
from services.messaging.transaction import Failure
from services.rules import asking, calendars, failures, firings, history, queries
from services.rules.actions.delete_rule import delete_rule
from services.rules.actions.order_rules import order_rules
from services.rules.actions.save_calendar import save_calendar
from services.rules.actions.save_rule import save_rule
from services.rules.actions.sweep import sweep
from services.rules.actions.take_in import take_in
from services.rules.actions.tidy import tidy
from services.rules.actions.try_rule import try_rule
from services.rules.model import public_holidays
from services.rules.summary import summarise
from services.rules.wiring import Wiring, build
from services.runtime.clock import now

SWEEP_SECONDS = 1.0
TIDY_SECONDS = 600.0
SHARE_OF_PATIENCE = 0.8  # who asks waits no longer, and is told why there is no answer


class Service:
    """Judges what happens to cases by the rules, and keeps the rules."""

    name = "rules"
    wired: Wiring = Provided(build)
    bus = Bus()

    @consume("casewire.rules")
    def take_in(self, messages: list[Envelope]) -> list[Failure]:
        """Let the rules act on what happened; answers what failed."""
        failures = take_in(self.wired.transactions, self.wired.bookshelf, messages)
        self.wired.backlog.took(len(messages))
        return failures

    @every(seconds=lambda: SWEEP_SECONDS)
    def sweep(self) -> None:
        """Let the timed rules fire that are due; one process at a time."""
        if self.wired.backlog.is_done() and self.wired.turn.try_acquire():
            sweep(self.wired.transactions, self.wired.bookshelf)

    @every(seconds=lambda: TIDY_SECONDS)
    def tidy(self) -> None:
        """Forget what is too old."""
        tidy(self.wired.transactions)

    @rpc(expected_exceptions=CROSSING)
    def list_rules(self) -> list[dict[str, Any]]:
        """Every rule, in the order of judging."""
        with self.wired.transactions.database.read() as connection:
            return [rule.model_dump(mode="json") for rule in queries.all_rules(connection)]

    @rpc(expected_exceptions=CROSSING)
    def get_rule(self, id: int) -> dict[str, Any]:
        """One rule. Raises NotFound."""
        with self.wired.transactions.database.read() as connection:
            rule = queries.find_rule(connection, asking.number("id", id))
        if rule is None:
            raise NotFound("rule", id)
        return rule.model_dump(mode="json")

    @rpc(expected_exceptions=CROSSING)
    def save_rule(self, command: dict[str, Any]) -> dict[str, Any]:
        """Add or change a rule. Raises InvalidRequest, NotFound, StaleVersion."""
        return save_rule(self.wired.transactions, self.wired.cases, command)

    @rpc(expected_exceptions=CROSSING)
    def order_rules(self, command: dict[str, Any]) -> list[dict[str, Any]]:
        """Put the rules into an order. Raises InvalidRequest."""
        rules = order_rules(self.wired.transactions, command)
        return [rule.model_dump(mode="json") for rule in rules]

    @rpc(expected_exceptions=CROSSING)
    def delete_rule(self, id: int, version: int, actor_id: int | None = None) -> None:
        """Delete a rule; the caller vouches for the actor. Raises NotFound, StaleVersion."""
        by = asking.number_or_none("actor_id", actor_id)
        delete_rule(
            self.wired.transactions, asking.number("id", id), asking.number("version", version), by
        )

    @rpc(expected_exceptions=CROSSING)
    def list_firings(
        self,
        rule_id: int | None = None,
        case_number: int | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[dict[str, Any]]:
        """What rules did, the newest first, behind the firing `before`. Raises InvalidRequest."""
        question = asking.firings_question(rule_id, case_number, limit, before)
        with self.wired.transactions.database.read() as connection:
            found = firings.list_firings(connection, question)
        return [firing.model_dump(mode="json") for firing in found]

    @rpc(expected_exceptions=CROSSING)
    def list_failures(
        self, rule_id: int | None = None, limit: int = 100, before: list[int] | None = None
    ) -> list[dict[str, Any]]:
        """Where rules broke, the newest first, behind the [rule id, case number] `before`.

        Raises InvalidRequest.
        """
        of_rule = asking.number_or_none("rule_id", rule_id)
        most = asking.number_within("limit", limit, asking.MOST)
        with self.wired.transactions.database.read() as connection:
            found = failures.list_failures(connection, of_rule, most, asking.failure(before))
        return [failure.model_dump(mode="json") for failure in found]

    @rpc(expected_exceptions=CROSSING)
    def try_rule(self, question: dict[str, Any]) -> dict[str, Any]:
        """What a rule would have done. Raises InvalidRequest, NotFound."""
        wired = self.wired
        patience = wired.settings.rpc_timeout_seconds * SHARE_OF_PATIENCE
        tried = try_rule(wired.transactions, wired.cases, question, tpool.execute, patience)
        return tried.model_dump(mode="json")

    @rpc(expected_exceptions=CROSSING)
    def rule_summary(self, rule_id: int, days: int = 30) -> dict[str, Any]:
        """What a rule has done lately. Raises InvalidRequest."""
        of_rule = asking.number("rule_id", rule_id)
        asked = asking.number_within("days", days, asking.LONGEST_DAYS)
        with self.wired.transactions.database.read() as connection:
            return summarise(connection, of_rule, asked, now()).model_dump(mode="json")

    @rpc(expected_exceptions=CROSSING)
    def list_history(self, what: str, key: int | str) -> list[dict[str, Any]]:
        """Who changed a "rule" or "calendar" and how, the newest first. Raises InvalidRequest."""
        what, of_key = asking.history_question(what, key)
        with self.wired.transactions.database.read() as connection:
            entries = history.entries(connection, what, of_key)
        return [entry.model_dump(mode="json") for entry in entries]

    @rpc(expected_exceptions=CROSSING)
    def list_calendars(self) -> list[dict[str, Any]]:
        """Every working calendar, by name."""
        with self.wired.transactions.database.read() as connection:
            return [one.model_dump(mode="json") for one in calendars.all_calendars(connection)]

    @rpc(expected_exceptions=CROSSING)
    def get_calendar(self, id: int) -> dict[str, Any]:
        """One working calendar. Raises NotFound."""
        with self.wired.transactions.database.read() as connection:
            calendar = calendars.find_calendar(connection, asking.number("id", id))
        if calendar is None:
            raise NotFound("calendar", id)
        return calendar.model_dump(mode="json")

    @rpc(expected_exceptions=CROSSING)
    def save_calendar(self, command: dict[str, Any]) -> dict[str, Any]:
        """Add or change a working calendar. Raises InvalidRequest, NotFound, StaleVersion."""
        return save_calendar(self.wired.transactions, command)

    @rpc(expected_exceptions=CROSSING)
    def list_countries(self) -> list[dict[str, Any]]:
        """The countries whose public holidays are known, by name."""
        return public_holidays.countries()

    @rpc(expected_exceptions=CROSSING)
    def list_holidays(
        self, country: str, subdivision: str | None, year: int
    ) -> list[dict[str, str]]:
        """The public holidays of a year. Raises InvalidRequest."""
        return public_holidays.listed(country, subdivision, year)
