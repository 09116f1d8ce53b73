"""What templates have at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for

from services.contracts.directory import User
from services.contracts.errors import ServiceAway
from services.runtime.clock import now
from services.web.access.roles import may
from services.web.access.sight import is_beyond
from services.web.attachments import look_of
from services.web.pages import deadlines, live, moments, words
from services.web.pages.custom_fields import custom_text
from services.web.pages.reason_words import not_done_words, reason_words
from services.web.pages.recurrence import WEEKDAYS, repeat_choices
from services.web.pages.refusal_words import as_sentence, told_words
from services.web.pages.saved_filters import shown_filters
from services.web.pages.script_words import script_words
from services.web.pages.sign_in_words import program
from services.web.pages.spans import minutes_text
from services.web.pages.views import address_of, present_question, view_addresses
from services.web.time_zones import TIME_ZONES
from services.web.wiring import wired

STATIC = Path(__file__).parents[1] / "static"


def install(app: Flask) -> None:
    """Give the templates of the app their filters and names."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # How links in what people wrote open.
    policies = {"urlize.rel": "noopener noreferrer nofollow", "urlize.target": "_blank"}
    app.jinja_env.policies.update(policies)
    app.jinja_env.filters.update(
        ago=lambda m, short=False: moments.relative(m, now(), _zone(), short),
        exact=lambda m: moments.exact(m, _zone()),
        day=moments.day,
        weekday_and_day=moments.weekday_and_day,
        on_day=lambda moment: moments.day(moment.astimezone(_zone()).date()),
        amount=moments.amount,
        whole=lambda number: moments.decimal(number, 0),
        hours=moments.hours,
        duration=moments.duration,
        minutes=minutes_text,
        month=moments.month,
        size=moments.size,
        sentence=as_sentence,
        reason=reason_words,
        not_done=not_done_words,
        program=program,
        initials=words.initials,
        label=words.label,
        within=words.within,
        told=told_words,
        hue=words.hue,
        pairs=_pairs,
        still=_still,
        zip_same=lambda codes: [(code, code) for code in codes],
        custom_text=custom_text,
        look_of=look_of,
        pictures=lambda found: [p for p in enumerate(found) if look_of(p[1]) == "picture"],
    )
    app.jinja_env.globals.update(
        asset=asset,
        script_words=script_words,
        can=_can,
        now=now,
        states=words.STATES,
        priorities=words.PRIORITIES,
        here=_here,
        made_at=live.made_at,
        repeat_choices=repeat_choices,
        weekdays=WEEKDAYS,
        time_zones=sorted(TIME_ZONES),
        move_words=words.move_words,
        then_words=words.then_words,
        states_within=words.STATES_WITHIN,
        deadlines=lambda case: deadlines.deadlines(case, now()),
        nearest_deadline=lambda case: deadlines.nearest(case, now()),
        shown_filters=shown_filters,
        colleagues=_colleagues,
        filter_address=address_of,
        present_question=present_question,
        view_addresses=view_addresses,
    )
    app.context_processor(lambda: {"me": _me()})


@lru_cache(maxsize=256)
def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that it may be kept for ever.

    A page names its icons a hundred times; files change with the next start of the process only.
    """
    return url_for("static", filename=name, v=_digest(STATIC / name))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "0"


def _pairs(things: Iterable[Any], code: str, text: str) -> list[tuple[Any, Any]]:
    """What a choice offers, from things with these two attributes."""
    return [(getattr(one, code), getattr(one, text)) for one in things]


def _still(things: Iterable[Any], code: str, chosen: Any) -> list[Any]:
    """Those to choose from: the active ones, and the one that is chosen already."""
    return [one for one in things if one.active or str(getattr(one, code)) == str(chosen)]


def _me() -> User | None:
    user: User | None = g.get("user")
    return user


def _can(endpoint: str) -> bool:
    user = _me()
    if user is not None and is_beyond(user, endpoint):
        return False
    return may(user.role if user else None, endpoint)


def _colleagues() -> list[User]:
    """Everybody else who has a calendar; nobody while cases is away, as the menu stands anyway."""
    try:
        users = wired().directory.users()
    except ServiceAway:
        return []
    me = _me()
    others = (one for one in users if one.active and one.role != "read-only" and one != me)
    return sorted(others, key=lambda user: user.name.casefold())


def _zone() -> Any:
    user = _me()
    return moments.zone_of(user.time_zone if user else "UTC")


def _here(endpoint: str, **values: Any) -> bool:
    """Whether the page shown is this one, with this in its question."""
    if (request.endpoint or "").partition(".")[0] != endpoint.partition(".")[0]:
        return False
    return all(request.args.get(name) == str(value) for name, value in values.items())
