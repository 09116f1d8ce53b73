"""Text whose lines were broken for the way, joined again (RFC 3676)."""

from __future__ import annotations

from email.message import Message

SIGNATURE = "-- "


def is_flowed(part: Message) -> bool:
    """Whether the part says that its lines may be joined."""
    return str(part.get_param("format") or "").strip().lower() == "flowed"


def joined(text: str, delete_space: bool) -> str:
    """The text with each paragraph on a line; quotations keep their depth (RFC 3676 §4.1)."""
    lines: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")  # stuffed, §4.4
        flows = content.endswith(" ") and content != SIGNATURE
        if content == SIGNATURE:
            open_depth = -1
        if depth == open_depth:
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        if flows and delete_space:
            lines[-1] = lines[-1][:-1]
        open_depth = depth if flows else -1
    return "\n".join(lines)
