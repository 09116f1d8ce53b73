"""Which fault strikes when: all drawn from one seed, before anything runs."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

SERVICES = ("cases", "rules", "mailgw", "reporting", "web")
RELAYING = ("cases", "rules", "mailgw", "reporting")  # those with an outbox
# How often each kind comes, compared with the others. Each comes once at least, if there is room.
KINDS: dict[str, int] = {
    "kill service": 22,
    "kill while relaying": 8,
    "kill between confirm and mark": 8,
    "kill broker": 5,
    "kill database": 6,
    "freeze service": 5,
    "line reset": 10,
    "line silent": 8,
    "line slow": 8,
    "line refused": 6,
    "disk full": 5,
    "clock jump": 6,
    "poison": 10,
    "repeats": 10,
    "memory alarm": 4,
    "disk alarm": 3,
}
ONLY_POSTGRESQL = ("kill database",)
BEGINS, ENDS = 0.06, 0.94  # of the whole time: calm before the first, and behind the last
# How long it lasts, in seconds; of what is killed, until it is started again.
LASTS = {
    "kill service": (0.0, 4.0),
    "kill while relaying": (0.0, 4.0),
    "kill between confirm and mark": (0.0, 4.0),
    "kill broker": (0.0, 4.0),
    "kill database": (0.0, 4.0),
    "freeze service": (2.0, 25.0),
    "line silent": (3.0, 40.0),
    "line slow": (5.0, 40.0),
    "line refused": (2.0, 30.0),
    "disk full": (3.0, 20.0),
    "clock jump": (5.0, 60.0),
    "memory alarm": (2.0, 35.0),
    "disk alarm": (2.0, 35.0),
}
TARGETS: dict[str, tuple[str, ...]] = {
    "kill while relaying": RELAYING,
    "kill between confirm and mark": RELAYING,
    "kill broker": ("broker",),
    "kill database": ("database",),
    "disk full": ("databases and attachments",),
    "poison": ("exchange and queues",),
    "repeats": ("exchange and queues",),
    "memory alarm": ("broker",),
    "disk alarm": ("broker",),
}
JUMPS_SECONDS = (-120.0, -15.0, 15.0, 120.0)
# A line of each service to the broker, then what only some have.
LINES = (*(f"{name} to broker" for name in SERVICES), "mailgw to SMTP", "mailgw to IMAP")
DATABASE_LINES = tuple(f"{name} to database" for name in SERVICES)


@dataclass(frozen=True)
class Fault:
    """One fault: its moment in seconds from the start, its kind, whom it strikes, and how."""

    number: int
    at: float
    kind: str
    target: str
    seconds: float = 0.0  # for how long
    details: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        more = "".join(f", {key} {value}" for key, value in self.details.items())
        lasts = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind}: {self.target}{lasts}{more}"


def plan_of(seed: int, seconds: float, count: int, *, postgresql: bool) -> list[Fault]:
    """`count` faults within so many seconds, by their moments; the same for the same seed."""
    dice = random.Random(seed)
    kinds = [kind for kind in KINDS if postgresql or kind not in ONLY_POSTGRESQL]
    weights = [KINDS[kind] for kind in kinds]
    chosen = kinds[:count] + dice.choices(kinds, weights, k=max(0, count - len(kinds)))
    dice.shuffle(chosen)
    begin, room = BEGINS * seconds, (ENDS - BEGINS) * seconds
    moments = sorted(begin + dice.random() * room for _ in chosen)
    return [
        _fault(dice, number, at, kind, postgresql)
        for number, (at, kind) in enumerate(zip(moments, chosen, strict=True), 1)
    ]


def _fault(dice: random.Random, number: int, at: float, kind: str, postgresql: bool) -> Fault:
    target = dice.choice(_targets(kind, postgresql))
    least, most = LASTS.get(kind, (0.0, 0.0))
    seconds = dice.uniform(least, most)
    if kind.startswith("kill"):  # until it is started again; often at once
        seconds = dice.choice((0.0, seconds))
    return Fault(number, at, kind, target, seconds, _details(dice, kind))


def _targets(kind: str, postgresql: bool) -> tuple[str, ...]:
    if kind.startswith("line"):
        return LINES + (DATABASE_LINES if postgresql else ())
    return TARGETS.get(kind, SERVICES)


def _details(dice: random.Random, kind: str) -> dict[str, Any]:
    match kind:
        case "line silent":
            ways = dice.choice((("there", "back"), ("back",), ("there",)))
            return {"ways": ways, "then": dice.choice(("heal", "reset"))}
        case "line slow":
            rate = dice.choice((0, 20_000, 200_000))
            return {"milliseconds": round(dice.uniform(20, 800)), "bytes_a_second": rate}
        case "clock jump":
            return {"by_seconds": dice.choice(JUMPS_SECONDS)}
        case "poison" | "repeats":
            return {"dice": dice.randrange(2**31)}
    return {}
