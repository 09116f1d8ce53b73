"""A few cases, and a report that counts them all."""

from __future__ import annotations

from support.system import Api, wait_for

CASES = (("claim", "open"), ("claim", "open"), ("claim", "done"), ("quality", "open"))


def add_counted_cases(api: Api) -> None:
    """Open the cases of CASES (kind and state), and wait until reports count them."""
    for place, (kind, state) in enumerate(CASES):
        api.post("/cases", subject=f"Counted {place}", kind=kind, state=state)

    def counted() -> bool:
        rows = api.get("/reports", by="kind")["items"]
        return sum(row["count"] for row in rows) == len(CASES)

    wait_for(counted, "a report of all cases")
