"""The plan of a storm is the same for the same seed, and names only what there is to strike."""

from __future__ import annotations

import pytest
from faults.storm.plan import DATABASE_LINES, KINDS, LINES, ONLY_POSTGRESQL, plan_of
from faults.storm.striking import STRIKES


@pytest.mark.parametrize("postgresql", [False, True])
def test_M12_a_plan_has_every_kind_within_its_time_and_comes_again_by_its_seed(
    postgresql: bool,
) -> None:
    plan = plan_of(7, 3600, 220, postgresql=postgresql)
    assert plan == plan_of(7, 3600, 220, postgresql=postgresql)
    assert plan != plan_of(8, 3600, 220, postgresql=postgresql)
    assert [fault.number for fault in plan] == list(range(1, 221))
    moments = [fault.at for fault in plan]
    assert moments == sorted(moments) and moments[0] > 0 and moments[-1] < 3600
    wanted = set(KINDS) if postgresql else set(KINDS) - set(ONLY_POSTGRESQL)
    assert {fault.kind for fault in plan} == wanted
    lines = {fault.target for fault in plan if fault.kind.startswith("line")}
    assert lines <= {*LINES, *DATABASE_LINES} if postgresql else lines <= set(LINES)


def test_M12_each_kind_of_fault_can_strike() -> None:
    assert set(STRIKES) == set(KINDS)
