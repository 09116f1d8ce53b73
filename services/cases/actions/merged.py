"""A case that was merged into another is closed for good; all goes on on the other."""

from __future__ import annotations

from services.contracts.cases import CaseSnapshot
from services.contracts.errors import InvalidRequest


def refuse_merged(case: CaseSnapshot, field: str = "number") -> None:
    """Raises InvalidRequest, naming the case to go on with, when the case was merged."""
    if case.merged_into is not None:
        told = f"case {case.number} was merged into case {case.merged_into}"
        raise InvalidRequest(field, f"{told}; go on with case {case.merged_into}")
