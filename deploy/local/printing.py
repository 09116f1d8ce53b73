"""What the operator sees: one line a log entry, with the name of the program before it."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from typing import Any, TextIO

from honcho.printer import Message, Printer

SILENT_KEYS = ("event", "level", "timestamp", "service")


class Console:
    """Prints lines of programs and of our own; coloured on a terminal.

    A console that goes away (a closed terminal, a pipe with no reader) is no reason to die.
    """

    def __init__(self, output: TextIO | None = None) -> None:
        self._printer = Printer(output or sys.stdout, width=9)

    def line(self, name: str, text: str, colour: str | None = None) -> None:
        """Print what a program said."""
        self._write(Message("line", readable(text), datetime.now(), name, colour))

    def say(self, text: str) -> None:
        """Print a line of our own among those of the programs."""
        self.line("casewire", text)

    def announce(self, *lines: str) -> None:
        """Print lines that stand out from the log."""
        try:
            print("", *lines, "", sep="\n", file=self._printer.output, flush=True)
        except OSError:
            self._go_silent()

    def _write(self, message: Any) -> None:
        try:
            self._printer.write(message)
        except OSError:
            self._go_silent()

    def _go_silent(self) -> None:
        self._printer.output = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  stays open


def readable(line: str) -> str:
    """A structured log entry as `LEVEL event key=value …`; any other line as it is."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    if not isinstance(entry, dict) or "event" not in entry:
        return line
    level = str(entry.get("level", "info"))
    shown = [entry["event"] if level == "info" else f"{level.upper()} {entry['event']}"]
    shown += [f"{key}={value}" for key, value in entry.items() if key not in SILENT_KEYS]
    return " ".join(map(str, shown))
