"""A partner changed: his unclosed cases carry his new name and categories, and rules hear of it.

Without it a partner who becomes Gold would stay what he was on every case there is (A6).
"""

from __future__ import annotations

from services.cases import store
from services.cases.actions import ledger
from services.cases.actions.ledger import Origin
from services.contracts.cases import Change, Ref
from services.contracts.directory import Partner
from services.contracts.envelope import Actor
from services.messaging.transaction import Transaction


def refresh_cases(transaction: Transaction, partner: Partner, by: Actor) -> None:
    """Write what differs on each unclosed case of the partner; it is no action on the case."""
    origin = Origin(reason=f"{by.name} changed the partner {partner.name}")
    categories = partner.category_path_ids
    values = {
        "partner": Ref(id=partner.id, name=partner.name),
        "partner_categories": categories,
    }
    for case in store.unclosed_of_partner(transaction.connection, partner.id):
        more: tuple[Change, ...] = ()
        if case.partner_categories != categories:
            before, after = list(case.partner_categories), list(categories)
            more = (Change(field="partner_categories", before=before, after=after),)
        ledger.change(transaction, origin, case, values, more=more)
