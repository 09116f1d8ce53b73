"""Stories that one of our own people begins: calls, offers, complaints to suppliers, dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.demo.cast import Company, companies, read
from deploy.demo.story import Story, Turn
from deploy.demo.writer import Writer

# Who opens what, in which section, and whether he keeps it for himself.
CARE, TECHNICAL = ("tomas", "amara"), ("jin", "lucia")
EVERYBODY = ("nora", "tomas", "amara", "jin", "lucia", "emil")


def phone_stories(writer: Writer, count: int) -> Iterator[Story]:
    """Requests by telephone, written down in draft: rules share them out."""
    for at in range(count):
        topic = writer.pick(read("texts/desk.yaml")["phone"])
        company = writer.customer()
        words = writer.words(company)
        done = [Turn("reply", topic["solution"]), Turn("done")] if writer.chance(0.7) else []
        yield _story(
            writer,
            f"phone-{at:03}",
            topic,
            company,
            words,
            section="Customer care",
            opener=writer.pick(CARE),
            turns=(Turn("reply", topic["reply"].format_map(words)), *done),
            fields={"category": topic["category"], "state": "draft"},
        )


def opportunity_stories(writer: Writer, count: int) -> Iterator[Story]:
    """What sales hopes for, with its revenue and how likely it is."""
    ends: tuple[tuple[Turn, ...], ...] = ((), (), (Turn("pending"),), (Turn("done"),))
    for at in range(count):
        company = writer.customer()
        revenue = writer.number(1_500, 64_000, 50)
        lost = writer.chance(0.15)
        yield _story(
            writer,
            f"opportunity-{at:03}",
            writer.pick(read("texts/desk.yaml")["opportunities"]),
            company,
            writer.words(company),
            section="Sales",
            opener="emil",
            turns=(Turn("cancelled"),) if lost else writer.pick(ends),
            fields={
                "kind": "opportunity",
                "responsible": writer.pick(("emil", "nora")),
                "estimated_revenue": str(revenue),
                "estimated_cost": f"{revenue * writer.number(30, 75) / 100:.2f}",
                "probability": writer.number(10, 90, 10),
                "deadline": writer.working_time(5, 40).isoformat(),
            },
        )


def quality_stories(writer: Writer, count: int) -> Iterator[Story]:
    """Complaints to suppliers; some are settled, some answered, some not."""
    suppliers = {one.name: one for one in companies() if one.group == "suppliers"}
    topics = read("texts/desk.yaml")["quality"]
    for at in range(count):
        topic = topics[at % len(topics)]
        company = suppliers[topic["supplier"]]
        words = writer.words(company)
        asked = (Turn("reply", topic["reply"].format_map(words)),)
        answered = (*asked, Turn("customer", topic["answer"].format_map(words)))
        settled = (*answered, *_actions(writer, topic), Turn("done"))
        yield _story(
            writer,
            f"quality-{at:03}",
            topic,
            company,
            words,
            section="Quality",
            opener=writer.pick(("lucia", "nora")),
            turns=(settled, asked, answered)[at % 3],
            fields={
                "kind": "quality",
                "custom": _inspection(writer, words),
                "responsible": "lucia",
                "priority": writer.pick(("normal", "high")),
                "estimated_cost": str(writer.number(80, 4_000, 5)),
            },
        )


def _actions(writer: Writer, topic: dict[str, Any]) -> Iterator[Turn]:
    """What is done about it, and so that it does not happen again (ISO 9001)."""
    for type in ("corrective", "preventive"):
        due = writer.working_time(2, 25).date().isoformat()
        yield Turn("quality", topic[type], {"type": type, "due": due})


def _inspection(writer: Writer, words: dict[str, str]) -> dict[str, Any]:
    """The fields that only a case of quality has."""
    return {
        "batch": words["serial"],
        "pieces": writer.number(2, 60),
        "noticed": writer.working_time(-20, -1).date().isoformat(),
        "found": writer.pick(("by a customer", "by an engineer", "in our store")),
    }


def dated_stories(
    writer: Writer, kind: str, texts: str, count: int, who: tuple[str, ...]
) -> Iterator[Story]:
    """Cases with a start and a duration; those in the past have taken place."""
    for at in range(count):
        company = None if kind == "leave" else writer.customer()
        topic = writer.pick(read("texts/desk.yaml")[texts])
        start = writer.working_time(-15, 25)
        opener = writer.pick(who)
        yield _story(
            writer,
            f"{kind}-{at:03}",
            topic,
            company,
            writer.words(company),
            section="Sales" if opener == "emil" else "Customer care",
            opener=opener,
            turns=(Turn("done"),) if start < writer.today else (),
            fields={
                "kind": kind,
                "responsible": opener,
                "start": start.isoformat(),
                "duration_minutes": topic["minutes"],
            },
        )


def task_stories(writer: Writer, count: int) -> Iterator[Story]:
    """Small things to do by a day."""
    for at in range(count):
        opener = writer.pick(EVERYBODY)
        yield _story(
            writer,
            f"task-{at:03}",
            writer.pick(read("texts/desk.yaml")["tasks"]),
            None,
            writer.words(),
            section="Technical" if opener in TECHNICAL else "Customer care",
            opener=opener,
            turns=(Turn("done"),) if writer.chance(0.4) else (),
            fields={
                "kind": "task",
                "responsible": opener,
                "deadline": writer.working_time(-3, 14).isoformat(),
            },
        )


def _story(
    writer: Writer,
    key: str,
    topic: dict[str, Any],
    company: Company | None,
    words: dict[str, str],
    *,
    section: str,
    opener: str,
    turns: tuple[Turn, ...],
    fields: dict[str, Any],
) -> Story:
    contact = writer.pick(company.contacts) if company else None
    about: dict[str, Any] = {"contact_address": contact.address} if contact else {}
    return Story(
        key=key,
        by="hand",
        subject=topic["subject"].format_map(words),
        text=topic["text"].format_map(words),
        company=company,
        contact=contact,
        section=section,
        turns=turns,
        opener=opener,
        fields={"state": "open", **about, **fields},
    )
