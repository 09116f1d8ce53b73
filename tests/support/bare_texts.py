"""Texts of the pages that no catalogue knows, because they do not go through gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

GETTEXT = {"gettext", "ngettext", "pgettext", "npgettext", "gettext_noop", "pgettext_noop", "_"}
SHOWN_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt", "label"}
NOT_READ = {"code", "pre", "kbd", "script", "style"}
SAME_EVERYWHERE = {"Casewire", "CSV", "Message-ID"}
PLACE = re.compile("\ue000(\\d+)\ue001")
WORD = re.compile(r"[^\W\d_]{2,}")
# A literal in an expression that reads as text: "Name", "with those below it".
READS_AS_TEXT = re.compile(r"^[A-Z][a-z]|[^\W\d_]{2,} [^\W\d_]")
# In Python only what is several words: codes and names of headers are many.
SENTENCE = re.compile(r"^[A-Z“][^\W\d_]* [^\W\d_]|[^\W\d_]+[ ’'][^\W\d_]+ [^\W\d_]+| .*[a-z]\.$")
NO_SENTENCE = re.compile(r"[dEHMmy.:, ]+|noopener .*")  # a pattern of dates; how links open
LOGGED = ("info", "warning", "error")
NOT_FOR_PEOPLE = {"InvalidRequest", "NotFound", "plain_problem", "compile", *LOGGED}
# Source of templates, and the first line of a key.
AN_EXAMPLE = re.compile(r"\{[{%]|^-----BEGIN")


def in_template(source: str) -> list[str]:
    """Each text of a Jinja template that is shown as it stands there."""
    environment = Environment(extensions=["jinja2.ext.i18n"])
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    tree = environment.parse(source)
    shown: list[nodes.Expr] = []
    page = _Page()
    page.feed("".join(_markup(tree, shown)))
    page.close()
    found = [text for text in page.texts if WORD.search(text)]
    visible = [shown[place] for place in page.places]
    found += [text for one in visible for text in _told(one) if WORD.search(text)]
    found += [text for text in _literals(tree) if READS_AS_TEXT.search(text)]
    return [text for text in found if not AN_EXAMPLE.search(text)]


def in_python(source: str) -> list[str]:
    """Each sentence in a module that stands neither in gettext nor in what programs get."""
    tree = ast.parse(source)
    kept = {id(one) for one in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in GETTEXT | NOT_FOR_PEOPLE:
            kept |= {id(part) for part in ast.walk(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [
        node.value
        for node in texts
        if isinstance(node.value, str) and id(node) not in kept and _is_sentence(node.value)
    ]


def _is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text)) and not NO_SENTENCE.fullmatch(text)


def bare_texts(path: Path) -> list[str]:
    """Those of a file, by what it is."""
    source = path.read_text(encoding="utf-8")
    return in_template(source) if path.suffix == ".html" else in_python(source)


class _Page(HTMLParser):
    """The texts that a person sees or hears, and the places of expressions among them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.places: list[int] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in NOT_READ
        for name, value in attrs:
            if name in SHOWN_ATTRIBUTES and value:
                self._take(value)

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in NOT_READ

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self._take(data)

    def _take(self, text: str) -> None:
        self.places += [int(place) for place in PLACE.findall(text)]
        words = [one for one in PLACE.sub(" ", text).split() if one not in SAME_EVERYWHERE]
        self.texts.append(" ".join(words))


def _markup(node: nodes.Node, shown: list[nodes.Expr]) -> Iterator[str]:
    """The markup of a template with all its branches; an expression is a place in `shown`."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                yield part.data
            else:
                shown.append(part)
                yield f"\ue000{len(shown) - 1}\ue001"
    else:
        for child in node.iter_child_nodes():
            yield from _markup(child, shown)


def _told(expression: nodes.Expr) -> Iterator[str]:
    """What an expression can come to that is written in it."""
    match expression:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr():
            yield from _told(expression.expr1)
            if expression.expr2 is not None:
                yield from _told(expression.expr2)
        case nodes.Or():
            yield from _told(expression.right)
        case nodes.Concat():
            for part in expression.nodes:
                yield from _told(part)


def _literals(node: nodes.Node) -> Iterator[str]:
    """The literals of all expressions, but for those that gettext or htmx gets."""
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.Call(node=nodes.Name(name=name)) if name in GETTEXT:
            for one in node.kwargs:
                yield from _literals(one.value)
        case nodes.Pair(key=nodes.Const(value=str(key))) if key.startswith("hx-"):
            return
        case nodes.Import() | nodes.FromImport() | nodes.Extends() | nodes.Include():
            return
        case _:
            for child in node.iter_child_nodes():
                yield from _literals(child)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
