"""Every error that can cross from a service has its HTTP answer."""

from services.contracts import errors
from services.web.errors import ANSWERS, problem


def test_every_crossing_error_has_an_answer() -> None:
    assert {*errors.CROSSING, errors.ServiceAway} == set(ANSWERS)


def test_a_stale_version_carries_the_current_one() -> None:
    body, status, headers = problem(errors.StaleVersion("case", 3, 5))
    assert (status, body["current"]) == (409, 5)
    assert headers["Content-Type"] == "application/problem+json"


def test_a_refused_field_is_named() -> None:
    body, status, _ = problem(errors.InvalidRequest("subject", "give one"))
    assert (status, body["field"]) == (422, "subject")


def test_an_absent_service_says_when_to_retry() -> None:
    _, status, headers = problem(errors.ServiceAway("cases", 5.0))
    assert (status, headers["Retry-After"]) == (503, "5")
