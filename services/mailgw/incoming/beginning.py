"""The beginning of a mail as careless programs write it, made such as the parser reads it."""

from __future__ import annotations

import re

MOST_HEAD_BYTES = 256 * 1024
# A mark of UTF-8, blank lines, and the line that mailboxes have above each mail (RFC 4155).
_PREFACE = re.compile(rb"(?:\xef\xbb\xbf|[ \t]*\r?\n|>?From [^\r\n]*\r?\n)+")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_LINE = re.compile(rb"[^\n]*\n?")
_HEADER = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
# What no text says by chance at the beginning of a line.
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-type|received|return-path"
    rb"|content-transfer-encoding|reply-to|in-reply-to|references|sender|x-[!-9;-~]{1,60})[ \t]*:",
    re.IGNORECASE,
)


def mended_beginning(raw: bytes) -> bytes:
    """The mail without what stands above its first header, and with its broken lines folded.

    A line of the head that is no header, with known headers behind it, belongs to the one before:
    some program has cut it there. Behind the head nothing is touched.
    """
    preface = _PREFACE.match(raw[:MOST_HEAD_BYTES])
    if preface is not None and _HEADER.match(raw, preface.end()):
        raw = raw[preface.end() :]
    end = _BLANK_LINE.search(raw, 0, MOST_HEAD_BYTES)
    head = raw[: end.start()] if end else raw[:MOST_HEAD_BYTES]
    mended = _folded(head)
    return raw if mended is None else mended + raw[len(head) :]


def _folded(head: bytes) -> bytes | None:
    """The head with its cut lines folded; None where there is nothing to mend."""
    lines = [found[0] for found in _LINE.finditer(head) if found[0]]
    odd = [n for n, line in enumerate(lines) if n and not _HEADER.match(line) and line[:1].strip()]
    last = max((n for n, line in enumerate(lines) if _KNOWN.match(line)), default=-1)
    wrong = {number for number in odd if number < last}
    if not wrong or not lines or not _HEADER.match(lines[0]):
        return None
    return b"".join(b" " + line if n in wrong else line for n, line in enumerate(lines))
