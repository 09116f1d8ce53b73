"""Issue 5 item 6: the link into the portal in the foot of a mail, for its recipient alone."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from services.contracts.mail import Address, MailSendData, PortalLink, Quotation
from services.mailgw.incoming.quotation import split_quotation
from services.mailgw.outgoing.compose import compose
from services.mailgw.outgoing.letters import letters_of

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
PUBLIC = "https://desk.example"
TOKEN = "101-cmf3k2x9q-abcdefghijklmnopqrstuvwxyz"
LINK = f"{PUBLIC}/portal/{TOKEN}"


def mail(**fields: object) -> MailSendData:
    given = {
        "purpose": "reply",
        "message_id": "<1@ours.example>",
        "sender": Address(address="support@ours.example", name="Support"),
        "to": (Address(address="Ann@Blue.example"),),
        "cc": (Address(address="carl@blue.example"),),
        "subject": "[101] Printer",
        "text": "Use water.",
        "portal": PortalLink(address="ann@blue.example", token=TOKEN),
        **fields,
    }
    return MailSendData.model_validate(given)


def bodies(data: MailSendData, public: str = PUBLIC) -> tuple[str, str]:
    raw = compose(data, "support@ours.example", AT, public_address=public)
    parsed = message_from_bytes(raw, policy=default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert text is not None and html is not None
    return tuple(str(one.get_content()).replace("\r\n", "\n") for one in (text, html))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Follow your case: "),
        ("de-AT", "Ihr Vorgang im Netz: "),
        ("fr", "Suivre votre dossier : "),
        ("xx", "Follow your case: "),
    ],
)
def test_portal_the_link_stands_in_text_and_html_in_the_language_of_the_mail(
    language: str, words: str
) -> None:
    text, html = bodies(mail(language=language, signature="Your support"))
    assert f"\n-- \nYour support\n{words}{LINK}\n" in text
    assert f'{words}<a href="{LINK}" rel="noreferrer">{LINK}</a>' in html


def test_portal_a_link_to_all_cases_says_so_and_no_address_no_link() -> None:
    portal = PortalLink(address="ann@blue.example", token=TOKEN, opens="cases")
    assert f"-- \nAll your cases: {LINK}" in bodies(mail(portal=portal))[0]
    assert "portal" not in "".join(bodies(mail(), public=""))


def test_portal_who_is_in_copy_gets_the_same_mail_without_the_link() -> None:
    first, second = letters_of(mail(), ["ann@blue.example", "carl@blue.example"])
    assert (first[0], second[0]) == (["ann@blue.example"], ["carl@blue.example"])
    assert LINK in "".join(bodies(first[1])) and "portal" not in "".join(bodies(second[1]))
    heads = [
        message_from_bytes(compose(data, "support@ours.example", AT), policy=default)
        for _, data in (first, second)
    ]
    for name in ("To", "Cc", "Message-ID", "Subject"):
        assert heads[0][name] == heads[1][name]


@pytest.mark.parametrize(
    ("recipients", "groups"),
    [
        (["ANN@blue.example"], 1),
        (["carl@blue.example"], 1),
        (["carl@blue.example", "ann@blue.example", "dan@blue.example"], 2),
    ],
)
def test_portal_everybody_gets_the_mail_once(recipients: list[str], groups: int) -> None:
    letters = letters_of(mail(), recipients)
    assert len(letters) == groups
    assert sorted(one for group, _ in letters for one in group) == sorted(recipients)
    for group, data in letters:
        assert (data.portal is not None) == (group[0].lower() == "ann@blue.example")


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_portal_an_answer_that_quotes_the_link_is_cut_from_it(language: str) -> None:
    answered = Quotation(author="Ann", at=AT, text="It burns.")
    text, _ = bodies(mail(language=language, signature="Your support", quotation=answered))
    quoted = "\n".join(f"> {line}" for line in text.split("\n"))
    new, old = split_quotation(f"Thank you.\n\nOn 2026-11-25 at 12:00, Support wrote:\n{quoted}")
    assert new == "Thank you." and LINK in old
    unmarked = f"Thank you.\n\nFrom: Support\nSent: today\nTo: Ann\nSubject: Printer\n\n{text}"
    assert split_quotation(unmarked)[0] == "Thank you."
