"""Who has to set up a second factor before anything else (WEB_TWO_FACTOR_FOR)."""

from __future__ import annotations

from services.contracts.directory import User
from services.web.access.sessions import SINGLE_SIGN_ON
from services.web.access.two_factor import is_on
from services.web.wiring import Wiring

# What he may use meanwhile.
OPEN_TO_DEBTORS = frozenset(
    {"two_factor.show", "two_factor.picture", "two_factor.turn_on", "session.sign_out"}
)


def owes_second_factor(wiring: Wiring, user: User, proof: str = "") -> bool:
    """Whether his role needs one and he has none.

    Who came by single sign-on proved himself elsewhere: its second factor is that one's matter.
    """
    if user.role not in wiring.settings.two_factor_roles or proof == SINGLE_SIGN_ON:
        return False
    with wiring.database.read() as connection:
        return not is_on(connection, user.id)
