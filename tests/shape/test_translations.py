"""Every text of the pages can be read in German and French, and none is told in English alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from support.bare_texts import bare_texts, in_python, in_template

from services.web.catalogues import LANGUAGES, catalogue_file

ROOT = Path(__file__).parents[2]
WEB = ROOT / "services" / "web"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
READ = [*(WEB / "templates").rglob("*.html"), *(WEB / "pages").glob("*.py"), WEB / "answers.py"]
PLACE = re.compile(r"%(?:\(\w+\))?[a-z%]")
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make words` finds in the sources."""
    file = tmp_path_factory.mktemp("words") / "messages.pot"
    subprocess.run([ROOT / "deploy/local/words.sh", "extract", file], check=True)
    return read_po(file.open("rb"))


def _messages(language: str) -> list[Message]:
    with catalogue_file(language).open("rb") as file:
        return [one for one in read_po(file, locale=language) if one.id]


def _key(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def _forms(texts: object) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)  # type: ignore[call-overload]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_the_texts_of_the_sources_and_no_others(
    gathered: Catalog, language: str
) -> None:
    wanted = {_key(one) for one in gathered if one.id}
    known = {_key(one) for one in _messages(language)}
    assert known == wanted, "run `make words` and translate what is new"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_with_the_same_places_and_tags(language: str) -> None:
    messages = _messages(language)
    untold = [one.id for one in messages if one.fuzzy or not all(_forms(one.string))]
    assert untold == []
    for one in messages:
        for form, told in zip(_forms(one.id), _forms(one.string), strict=True):
            places = set(PLACE.findall(told))
            wanted = set(PLACE.findall(form))
            # "one" may say the number in words, as English does.
            assert places == wanted or (places == wanted - {"%(num)s"} and form != told), told
            assert TAG.findall(form) == TAG.findall(told), told


def test_french_has_its_spaces_and_both_have_their_quotes() -> None:
    for one in _messages("fr"):
        for told in _forms(one.string):
            plain = TAG.sub("", told)
            assert not re.search(r" [:;!?»]|« |\w[;!?](\s|$)|[\"'“”]", plain), told
    for one in _messages("de"):
        for told in _forms(one.string):
            assert not re.search(r"[\"'”]|“\w", TAG.sub("", told)), told


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(WEB)))
def test_a_page_says_nothing_past_the_catalogues(path: Path) -> None:
    assert bare_texts(path) == [], "these texts are in no catalogue; use gettext"


def test_the_check_finds_texts_wherever_a_person_meets_them() -> None:
    page = """<p title="A hint">{{ gettext("Told") }}</p>{% if a %}<b>Bare</b>{% endif %}
    {{ text("name", "Name", hint=gettext("Told")) }}<i class="{{ 'is-on' if a }}">{{ "off" if a }}
    </i>{% trans %}Told too{% endtrans %}<code>python -m x</code><b alt="{{ a }}">Casewire</b>"""
    assert sorted(in_template(page)) == ["A hint", "Bare", "Name", "off"]
    module = '''"""Not this."""
    words = gettext("Told so, here.")
    errors["x"] = "Write the text here."
    raise InvalidRequest("x", "not for people as it is")
    form.errors[y] = f"At most {n} of them."
'''.replace("\n    ", "\n")
    assert in_python(module) == ["Write the text here.", "At most ", " of them."]
