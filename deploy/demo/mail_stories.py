"""Stories that begin with a customer's mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deploy.demo.cast import Contact, read
from deploy.demo.story import Story, Turn
from deploy.demo.writer import Writer

# How a request goes, and how often; {…} stands for a text of the topic or the phrases.
PLOTS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (24, ("sort", "reply", "done")),
    (22, ("sort", "reply", "customer answer", "solve", "done")),
    (9, ("sort", "note", "reply", "customer answer", "solve", "done", "customer thanks", "done")),
    (9, ("sort", "solve", "done", "customer again", "sorry", "finally", "done")),
    (10, ("sort", "reply", "pending")),
    (8, ("sort", "reply", "pending", "customer answer", "solve", "done")),
    (9, ("sort", "reply", "customer answer")),
    (5, ("sort", "note", "escalate", "reply")),
    (4, ("customer nagging",)),
    (10, ()),
)


ABOVE_ALL = "Technical"  # this section escalates to none


def mail_stories(writer: Writer, name: str, count: int) -> Iterator[Story]:
    """So many requests about the topics of one of the texts' files."""
    texts = read(f"texts/{name}.yaml")
    for at in range(count):
        topic = texts["topics"][at % len(texts["topics"])]
        yield _request(writer, f"{name}-{at:03}", texts["section"], topic)


def spam_stories(writer: Writer, count: int) -> Iterator[Story]:
    """So many mails that nobody asked for."""
    for at in range(count):
        words = writer.words()
        yield Story(
            key=f"spam-{at:03}",
            by="mail",
            subject=writer.pick(writer.phrases["spam_subjects"]).format_map(words),
            text=writer.pick(writer.phrases["spam_texts"]),
            company=None,
            contact=Contact("Best Offers", f"offers{at}@bulk.example"),
            section="Customer care",
            turns=(Turn("cancelled"),),
        )


def _request(writer: Writer, key: str, section: str, topic: dict[str, Any]) -> Story:
    company = writer.customer()
    contact = writer.pick(company.contacts)
    words = writer.words(company)
    subject = writer.pick(topic["subjects"]).format_map(words)
    while not writer.unused(subject):
        words = writer.words(company)
        subject = writer.pick(topic["subjects"]).format_map(words)
    others = [one for one in company.contacts if one != contact]
    return Story(
        key=key,
        by="mail",
        subject=subject,
        text=_letter(writer, contact, writer.pick(topic["texts"]).format_map(words)),
        company=company,
        contact=contact,
        section=section,
        turns=tuple(_turns(writer, section, topic, words, contact)),
        with_photo=writer.chance(0.08),
        in_copy=writer.pick(others) if others and writer.chance(0.2) else None,
    )


def _turns(
    writer: Writer, section: str, topic: dict[str, Any], words: dict[str, str], contact: Contact
) -> Iterator[Turn]:
    plot = writer.pick([plot for weight, plot in PLOTS for _ in range(weight)])
    for step in plot:
        match step:
            case "sort":
                yield Turn("sort", fields=_sorting(writer, topic, words))
            case "reply":
                yield Turn("reply", f"Dear {contact.name},\n\n{topic['reply'].format_map(words)}")
            case "solve":
                yield Turn("reply", topic["solution"].format_map(words))
            case "sorry" | "finally":
                yield Turn("reply", writer.pick(writer.phrases[step]))
            case "note":
                yield Turn("note", writer.pick(writer.phrases["notes"]))
            case "customer answer":
                yield Turn("customer", _letter(writer, contact, topic["answer"].format_map(words)))
            case "customer again" | "customer nagging" | "customer thanks":
                phrase = writer.pick(writer.phrases[step.removeprefix("customer ")])
                yield Turn("customer", _letter(writer, contact, phrase))
            case "pending" | "done":
                yield Turn(step)
            case "escalate" if section != ABOVE_ALL:
                yield Turn("escalate")


def _sorting(writer: Writer, topic: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """What the agent who reads a mail first says of it; a deadline or a tag now and then."""
    fields: dict[str, Any] = {"category": topic["category"]}
    if topic["category"].startswith("Machine"):
        fields["custom"] = {"machine": words["machine"], "serial": words["serial"]}
    if writer.chance(0.3):
        fields["tags"] = [writer.pick(writer.phrases["tags"])]
    if writer.chance(0.25):
        fields["deadline"] = writer.working_time(-2, 12).isoformat()
    return fields


def _letter(writer: Writer, contact: Contact, matter: str) -> str:
    greeting = writer.pick(writer.phrases["greetings"])
    farewell = writer.pick(writer.phrases["farewells"])
    return f"{greeting}\n\n{matter}\n\n{farewell}\n{contact.name}\n"
