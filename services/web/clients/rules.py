"""The rules service: rules, what they did, and what they would do."""

from __future__ import annotations

from typing import Any

from services.contracts.directory import DirectoryChange
from services.contracts.rules import (
    Firing,
    OrderRules,
    Rehearsal,
    Rule,
    RuleFailure,
    RuleSummary,
    SaveRule,
    TryRule,
)
from services.messaging.rpc_client import RpcClient
from services.web.clients.page import Page


class RulesClient:
    """Each method raises the errors of services.contracts.errors that rules answers with."""

    def __init__(self, rpc: RpcClient) -> None:
        self._rpc = rpc

    def list_rules(self) -> list[Rule]:
        """All rules, in the order they are judged in."""
        return [Rule.model_validate(rule) for rule in self._rpc.call("rules", "list_rules")]

    def get(self, rule_id: int) -> Rule:
        """One rule; raises NotFound."""
        return Rule.model_validate(self._rpc.call("rules", "get_rule", id=rule_id))

    def save(self, command: SaveRule) -> dict[str, Any]:
        """Add, change or only check a rule; answers `{"rule": …, "armed": n, "overdue": n}`."""
        asked = command.model_dump(mode="json", exclude_unset=True)
        return dict(self._rpc.call("rules", "save_rule", command=asked))

    def delete(self, rule_id: int, version: int, actor_id: int) -> None:
        """Delete a rule."""
        self._rpc.call("rules", "delete_rule", id=rule_id, version=version, actor_id=actor_id)

    def order(self, command: OrderRules) -> list[Rule]:
        """Put the rules into this order; answers all of them in it."""
        asked = command.model_dump(mode="json", exclude_unset=True)
        answer = self._rpc.call("rules", "order_rules", command=asked)
        return [Rule.model_validate(rule) for rule in answer]

    def rehearse(self, question: TryRule) -> Rehearsal:
        """What a rule, saved or not, would have done; nothing is done."""
        asked = question.model_dump(mode="json", exclude_unset=True)
        return Rehearsal.model_validate(self._rpc.call("rules", "try_rule", question=asked))

    def firings(
        self,
        rule_id: int | None = None,
        case_number: int | None = None,
        limit: int = 50,
        before: str | None = None,
    ) -> Page[Firing]:
        """When rules fired, the last first; those before the firing `before`."""
        of = {"rule_id": rule_id, "case_number": case_number}
        answer = self._rpc.call("rules", "list_firings", **of, limit=limit, before=before)
        found = [Firing.model_validate(firing) for firing in answer]
        return Page(found, found[-1].firing_id if len(found) == limit else None)

    def failures(
        self, rule_id: int | None, limit: int, before: tuple[int, int] | None = None
    ) -> list[RuleFailure]:
        """When a rule broke on a case, the last first; behind the rule and case `before`."""
        asked = {"rule_id": rule_id, "limit": limit, "before": before}
        answer = self._rpc.call("rules", "list_failures", **asked)
        return [RuleFailure.model_validate(failure) for failure in answer]

    def summary(self, rule_id: int, days: int) -> RuleSummary:
        """What a rule has done in the last days; raises NotFound."""
        answer = self._rpc.call("rules", "rule_summary", rule_id=rule_id, days=days)
        return RuleSummary.model_validate(answer)

    def history(self, rule_id: int) -> list[DirectoryChange]:
        """Who changed the rule and how, the last first."""
        answer = self._rpc.call("rules", "list_history", what="rule", key=str(rule_id))
        return [DirectoryChange.model_validate(change) for change in answer]
