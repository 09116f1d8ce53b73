"""Random requests from the OpenAPI document, right and wrong ones, by schemathesis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

# Which names and versions there are, no document can know: others are 404, 409 or 422.
TAKEN = ["2xx", 401, 403, 404, 409, 422, 429]
REFUSED = [400, 401, 403, 404, 405, 406, 409, 411, 413, 414, 415, 422, 429]
MOST_BYTES = 50_000_000


@dataclass
class Found:
    """What a run found: how many requests got which status, and what was wrong, in words."""

    statuses: Counter[int] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many requests were answered."""
        return self.statuses.total()


@dataclass
class Fuzz:
    """One run as one user: `examples` per operation, once, or again and again for `seconds`.

    `prepare` sees every request before it is sent, and may turn it away from what would end
    the run itself. `marks` are words that must stand in no answer.
    """

    address: str
    token: str
    seed: int
    examples: int
    seconds: int | None = None
    phases: tuple[str, ...] = ("examples", "coverage", "fuzzing", "stateful")
    workers: int = 1
    marks: Iterable[str] = ()
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    prepare: Callable[[Any, dict[str, Any]], None] = lambda case, sent: None

    def run(self) -> Found:
        """Send it all."""
        schema = schemathesis.openapi.from_url(
            f"{self.address}/api/v1/openapi.json", config=self._config()
        )
        if self.without:
            schema = schema.exclude(operation_id=list(self.without))
        if self.only:
            schema = schema.include(operation_id=list(self.only))

        def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
            self.prepare(case, kwargs)

        found = Found()
        GLOBAL_HOOK_DISPATCHER.register_hook_with_name(before_call, "before_call")
        try:
            for event in from_schema(schema).execute():
                self._take(event, found)
        finally:
            GLOBAL_HOOK_DISPATCHER.unregister(before_call)
        return found

    def _config(self) -> SchemathesisConfig:
        phases = ("examples", "coverage", "fuzzing", "stateful")
        generation = {"max-examples": self.examples, "database": "none", "no-shrink": False}
        return SchemathesisConfig.from_dict(
            {
                "seed": self.seed,
                **({"max-time": self.seconds} if self.seconds else {}),
                "output": {"truncation": {"max-recorded-payload-size": MOST_BYTES}},
                "headers": {"Authorization": f"Bearer {self.token}"},
                "workers": self.workers,
                "continue-on-failure": True,
                "request-timeout": 60,
                "generation": generation,
                "phases": {name: {"enabled": name in self.phases} for name in phases},
                "checks": {
                    "positive_data_acceptance": {"expected-statuses": TAKEN},
                    "negative_data_rejection": {"expected-statuses": REFUSED},
                },
            }
        )

    def _take(self, event: Any, found: Found) -> None:
        if isinstance(event, events.NonFatalError):
            found.wrong.setdefault(f"{event.label}: {event.value!r}"[:300], str(event.info))
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.ScenarioFinished):
            for case_id, interaction in event.recorder.interactions.items():
                if interaction.response is not None:
                    label = event.recorder.cases[case_id].value.operation.label
                    self._look_at(label, interaction.response, found)
            for label, sentence, how in _failures(event.recorder):
                found.wrong.setdefault(f"{label}: {sentence}", how)

    def _look_at(self, label: str, response: Any, found: Found) -> None:
        found.statuses[response.status_code] += 1
        found.answered[f"{label} {response.status_code}"] += 1
        body = bytes(response.content or b"")
        told = body.decode("utf-8", "replace") + str(response.headers)
        for mark in self.marks:
            if mark in told:
                found.words.add(f"{label} tells {mark}")


def _failures(recorder: Any) -> Iterator[tuple[str, str, str]]:
    """The operation, what is wrong with its answer, and how to get it again."""
    for case_id, checks in recorder.checks.items():
        case = recorder.cases[case_id].value
        for check in checks:
            if check.failure_info is None:
                continue
            failure = check.failure_info.failure
            yield (
                case.operation.label,
                f"{check.name}: {failure.title}",
                f"{failure.message}\n{check.failure_info.code_sample}",
            )


def harmless(own_id: int, other_id: int) -> Callable[[Any, dict[str, Any]], None]:
    """Requests that would end the run go elsewhere: it neither locks its own user out, nor asks
    a server that is not of this machine."""

    def prepare(case: Any, sent: dict[str, Any]) -> None:
        is_user = case.operation.path == "/api/v1/users/{id}" and case.method == "PATCH"
        if is_user and str(case.path_parameters.get("id")) == str(own_id):
            case.path_parameters["id"] = other_id
        if isinstance(case.body, dict):
            for name in ("server", "token_url"):
                if isinstance(case.body.get(name), str) and case.body[name]:
                    case.body[name] = "localhost" if name == "server" else "https://localhost/"
            if case.operation.path.startswith("/api/v1/webhooks") and case.body.get("address"):
                case.body["address"] = "https://localhost/"

    return prepare
