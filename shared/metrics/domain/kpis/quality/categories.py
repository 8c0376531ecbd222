"""Tickets of which nobody can say what they were about."""

from typing import Final

import numpy as np

from shared.metrics.domain.kpis.building import share
from shared.metrics.domain.kpis.entry import Parameter
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
from shared.metrics.domain.kpis.fillings import filling
from shared.metrics.domain.kpis.quality.detector import detector
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.tickets import Tickets
from shared.metrics.domain.kpis.vocabulary import Reason, TimeRule

_CATCH_ALLS: Final = "catchAllCategories"


def broad_categories(scope: Scope) -> Rows:
    """Each ticket, when it was created, and whether it has no category or one for everything."""
    tickets = Tickets(scope)
    category, found = tickets.table.column("category"), filling(tickets.table, "category")
    broad = {name.casefold() for name in scope.texts(_CATCH_ALLS)}
    is_broad = np.array([name.strip().casefold() in broad for name in (*category.names, "")], bool)
    in_broad = found.filled & is_broad[category.values]
    created = tickets.created
    known = created.happened & ~found.unknown
    unknown = created.unknown | (created.happened & found.unknown)
    return share(known, found.blank | in_broad, created.at_ms, unknown)


_TICKETS: Final = (
    record("ticket", "t1", "2026-11-02", category="Billing"),
    record("ticket", "t2", "2026-11-02", category="other"),
    record("ticket", "t3", "2026-11-02"),
    record("ticket", "t4", "2026-11-02", category="Billing"),
)

KPIS: Final = (
    detector(
        "BROAD_TICKET_CATEGORIES",
        "Broad ticket categories",
        "tickets without a category or in one for everything / tickets created in the period",
        "ticket",
        TimeRule.EVENT,
        broad_categories,
        objective="Know what customers write about.",
        decision="Which categories to split, to add, or to make mandatory.",
        parameters=(
            Parameter(
                _CATCH_ALLS,
                ("General", "Misc", "Miscellaneous", "N/A", "None", "Other", "Others", "Unknown"),
                "categories that say nothing, in any case",
            ),
        ),
        examples=(
            Example(name="two of four", given=_TICKETS, value=2 / 4),
            Example(
                name="what counts as broad can be tried",
                given=_TICKETS,
                draft={_CATCH_ALLS: ("billing",)},
                value=3 / 4,
            ),
            Example(
                name="categories are never sent",
                given=_TICKETS[2:3],
                value=None,
                reason=Reason.UNKNOWN_FIELD,
            ),
            Example(
                name="no ticket in the period",
                given=_TICKETS,
                period=EARLIER,
                value=None,
                reason=Reason.EMPTY_DENOMINATOR,
            ),
        ),
    ),
)
