"""The board: a question's cases in columns by their state."""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy import Connection

from services.cases.case_counts import count_cases
from services.cases.case_lists import list_cases
from services.cases.model.states import MOVES
from services.contracts.case_views import Board, BoardColumn, BoardQuestion, CountQuestion
from services.contracts.cases import CLOSED, CaseSnapshot, State


def get_board(connection: Connection, question: BoardQuestion) -> Board:
    """All columns, with the first cases of each. Raises InvalidRequest for too long a search."""
    counts = count_cases(connection, CountQuestion(cases=question.cases, by="state"))
    there = {group.key: group.count for group in counts.groups}
    columns = tuple(
        _column(connection, question, state, there.get(state, 0)) for state in get_args(State)
    )
    return Board(columns=columns, bounded=counts.bounded)


def _column(
    connection: Connection, question: BoardQuestion, state: State, count: int
) -> BoardColumn:
    wanted = question.cases.state
    if wanted and state not in wanted:
        return BoardColumn(state=state, asked=False, moves=MOVES[state])
    if not count:
        return BoardColumn(state=state, moves=MOVES[state])
    changes: dict[str, Any] = {"state": (state,), "cursor": None, "limit": question.unclosed}
    if state in CLOSED:
        changes |= {"sort": "last_action", "limit": question.closed}
    items = list_cases(connection, question.cases.model_copy(update=changes))["items"]
    return BoardColumn(
        state=state,
        count=count,
        items=tuple(CaseSnapshot.model_validate(one) for one in items),
        moves=MOVES[state],
    )
