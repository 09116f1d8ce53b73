"""What the operator's commands print and answer."""

from __future__ import annotations

import sys
from pathlib import Path

from services.contracts.errors import ServiceAway
from services.contracts.rules import Rule, Trigger
from services.rules import queries
from services.rules.actions import fill_history as filling
from services.rules.actions.load_rules import Loaded, load_rules
from services.rules.errors import MistakesInFile
from services.rules.wiring import Wiring


def load(wiring: Wiring, file: str, *, fire_overdue: bool) -> int:
    """Load a file ("-" is standard input); 0 when all is loaded, 1 when nothing is."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        loaded = load_rules(wiring.transactions, wiring.cases, text, fire_overdue=fire_overdue)
    except MistakesInFile as error:
        print("\n".join((*error.mistakes, "nothing is loaded")), file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError, ServiceAway) as error:
        print(f"{error}; nothing is loaded", file=sys.stderr)
        return 1
    for one in loaded:
        print(told(one))
    return 0


def show(wiring: Wiring) -> int:
    """Print the rules in the order of judging."""
    with wiring.transactions.database.read() as connection:
        rules = queries.all_rules(connection)
    for rule in rules:
        print(_line(rule))
    return 0


def fill_history(wiring: Wiring) -> int:
    """Read the past from the cases service; 0 when all of it was read."""
    try:
        filled = filling.fill_history(
            wiring.transactions,
            lambda after, limit: wiring.rpc.call("cases", "read_events", after=after, limit=limit),
            lambda count: print(f"kept {count} events", flush=True),
        )
    except ServiceAway as error:
        print(f"{error}; do it again, what is kept stays", file=sys.stderr)
        return 1
    for one in filled.unreadable:
        print(f"left out: {one}", file=sys.stderr)
    return 1 if filled.unreadable else 0


def told(one: Loaded) -> str:
    """What became of a rule, in one line."""
    words = f"{'replaced' if one.replaced else 'added'}  {one.name}"
    if one.armed:
        words += f"; it waits for {one.armed} cases"
    if one.overdue:
        words += f"; {one.overdue} overdue cases are left alone (--fire-overdue takes them)"
    return words


def _line(rule: Rule) -> str:
    does = ", ".join(action.do for action in rule.actions) or "nothing"
    words = f"{rule.order:>5}  #{rule.id:<4} {'on ' if rule.active else 'off'}  {rule.name}"
    words += f"  [{_when(rule.trigger)}: {does}{'; stop' if rule.stop else ''}]"
    return f"{words}  {rule.problem}" if rule.problem else words


def _when(trigger: Trigger) -> str:
    if trigger.date == "none":
        return "on the event"
    return f"{trigger.date} {trigger.delay:+d} {trigger.unit}"
