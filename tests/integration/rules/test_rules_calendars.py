"""Timed rules count on working calendars, and follow when one is changed (A2, A10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from integration.rules.rules_bench import Bench, bench
from unit.rules.rules_builders import created, snapshot, updated

from services.contracts.directory import MailTemplate, TemplateChanged
from services.contracts.errors import InvalidRequest, NotFound, StaleVersion
from services.rules import history
from services.rules.actions.save_calendar import save_calendar
from services.runtime.database import Database
from services.runtime.identity import new_id

FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
REMIND = {"do": "remind", "whom": "responsible"}
TIMES = {"created_at": FRIDAY, "last_action_at": FRIDAY, "state_since": FRIDAY}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def service(database: Database, clock: time_machine.Traveller) -> Bench:
    return bench(database)


def put(service: Bench, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    command = {"idempotency_key": new_id(), "fields": fields, **more}
    return save_calendar(service.transactions, command)


def waits(service: Bench, name: str = "Soon", **trigger: Any) -> dict[str, Any]:
    """A rule 2 working hours behind the creation."""
    counted = {"date": "creation", "delay": 2, "unit": "hours", "calendar_id": 1, **trigger}
    return service.save({"name": name, "trigger": counted, "actions": [REMIND]})


def test_A2_working_hours_pass_while_somebody_works(
    service: Bench, clock: time_machine.Traveller
) -> None:
    put(service, {"name": "Office"})
    waits(service)
    service.take_in(created(snapshot(**TIMES)))
    clock.move_to(MONDAY + 10 * HOUR - timedelta(seconds=1))
    assert service.sweep() == 0
    clock.move_to(MONDAY + 10 * HOUR)
    assert service.sweep() == 1
    (fired,) = service.published()
    assert fired.data.why == ("it is 2 working hours (Office) after its creation",)


def test_A2_the_response_deadline_counts_until_the_first_answer(
    service: Bench, clock: time_machine.Traveller
) -> None:
    put(service, {"name": "Office"})
    waits(service, date="response_deadline", delay=-2)
    late = {**TIMES, "response_deadline": MONDAY + 10 * HOUR}
    service.take_in(*(created(snapshot(number=number, **late)) for number in (1, 2)))
    answered = snapshot(number=1, version=2, responded_at=FRIDAY, **late)
    service.take_in(updated(answered, "responded_at"))
    clock.move_to(FRIDAY)  # two working hours before Monday, 10:00
    assert service.sweep() == 1
    (fired,) = service.published()
    assert fired.case_id == 2
    assert fired.data.why == ("it is 2 working hours (Office) before its response deadline",)


def test_A2_a_changed_calendar_moves_what_waits_by_it(
    service: Bench, clock: time_machine.Traveller
) -> None:
    made = put(service, {"name": "Office"})
    waits(service)
    waits(service, "By the clock", calendar_id=None, delay=100)
    service.take_in(created(snapshot(**TIMES)))
    hours = [[["08:00", "18:00"]]] * 7
    put(service, {"hours": hours, "name": "Shop"}, id=made["id"], version=1)
    assert service.waiting() == 2
    clock.move_to(FRIDAY + 2 * HOUR)
    assert service.sweep() == 1
    (fired,) = service.published()
    assert fired.data.why == ("it is 2 working hours (Shop) after its creation",)


def test_A10_what_a_changed_calendar_makes_overdue_is_left_alone(
    service: Bench, clock: time_machine.Traveller
) -> None:
    made = put(service, {"name": "Office"})
    waits(service)
    service.take_in(created(snapshot(**TIMES)))
    clock.move_to(FRIDAY + 24 * HOUR)
    put(service, {"hours": [[["00:00", "24:00"]]] * 7}, id=made["id"], version=1)
    assert (service.waiting(), service.sweep()) == (0, 0)


def test_A4_without_its_calendar_a_rule_is_switched_off_and_says_why(service: Bench) -> None:
    made = put(service, {"name": "Office"})
    waits(service)
    service.take_in(created(snapshot(**TIMES)))
    assert put(service, {"active": False}, id=made["id"], version=1)["version"] == 2
    rule = service.rule("Soon")
    assert (rule.active, service.waiting()) == (False, 0)
    assert rule.problem == "switched off: the calendar Office is not active any more"
    with pytest.raises(InvalidRequest, match=r"trigger.calendar_id: Office is not active"):
        service.save({"active": True}, id=rule.id, version=2)


def test_A2_a_rule_that_names_no_calendar_there_is_is_refused(service: Bench) -> None:
    with pytest.raises(InvalidRequest, match=r"trigger.calendar_id: there is no calendar 9"):
        waits(service, calendar_id=9)


def test_two_calendars_do_not_share_a_name_and_a_stale_version_is_refused(service: Bench) -> None:
    first = put(service, {"name": "Office"}, idempotency_key="one")
    assert put(service, {"name": "Other"}, idempotency_key="one") == first
    with pytest.raises(InvalidRequest, match="has this name"):
        put(service, {"name": "Office"})
    put(service, {"name": "House"}, id=first["id"], version=1)
    assert put(service, {"name": "House"}, id=first["id"], version=2)["version"] == 2
    with service.transactions.database.read() as connection:
        entries = history.entries(connection, "calendar", str(first["id"]))
    assert [entry.version for entry in entries] == [2, 1]
    assert [change.field for change in entries[0].changes] == ["name"]
    with pytest.raises(StaleVersion):
        put(service, {"name": "Home"}, id=first["id"], version=1)
    with pytest.raises(InvalidRequest, match="version"):
        put(service, {"name": "Home"}, id=first["id"])
    with pytest.raises(NotFound):
        put(service, {"name": "Home"}, id=99, version=1)


DEADLINES = [
    {"do": "set_deadline", "which": "response", "delay": 2, "unit": "hours", "calendar_id": 1},
    {"do": "set_deadline", "which": "resolution", "since": "now", "delay": 1, "unit": "days"},
    {"do": "set_deadline", "which": "resolution", "delay": 10_000, "calendar_id": 2},
]


def moments(service: Bench) -> list[datetime | None]:
    (fired,) = service.published()
    return [action.moment for action in fired.data.actions]


def test_A3_a_deadline_is_computed_when_the_rule_fires(
    service: Bench, clock: time_machine.Traveller
) -> None:
    put(service, {"name": "Office"})
    put(service, {"name": "Rarely", "hours": [[["09:00", "10:00"]], *[[]] * 6]})
    service.save({"name": "Contract", "actions": DEADLINES})
    moved_at = FRIDAY + 5 * HOUR
    service.take_in(created(snapshot(**{**TIMES, "last_action_at": moved_at})))
    # The last counts so many working days that there is no such moment: cases is told so.
    assert moments(service) == [MONDAY + 10 * HOUR, moved_at + 24 * HOUR, None]


def test_A3_a_timed_rule_sets_a_deadline_from_the_moment_it_fires(
    service: Bench, clock: time_machine.Traveller
) -> None:
    put(service, {"name": "Office"})
    trigger = {"date": "creation", "delay": 1, "unit": "hours"}
    service.save({"name": "Late", "trigger": trigger, "actions": DEADLINES[:2]})
    service.take_in(created(snapshot(**TIMES)))
    clock.move_to(FRIDAY + 3 * HOUR)
    assert service.sweep() == 1
    assert moments(service) == [MONDAY + 10 * HOUR, FRIDAY + 27 * HOUR]


def test_A4_a_rule_is_switched_off_when_its_template_is_retired(service: Bench) -> None:
    service.cases.lists["list_templates"] = [{"id": 4, "name": "Welcome"}]
    mail = {"do": "send_template", "template_id": 4}
    service.save({"name": "Greets", "actions": [mail]})
    with pytest.raises(InvalidRequest, match=r"actions.0.template_id: there is no template 5"):
        service.save({"name": "Other", "actions": [{**mail, "template_id": 5}]})
    gone = MailTemplate(id=4, name="Welcome", subject="x", text="x", active=False, version=2)
    service.take_in(TemplateChanged(id=new_id(), occurred_at=FRIDAY, data=gone))
    assert not service.rule("Greets").active
    assert "the template Welcome is not active" in service.rule("Greets").problem
