"""The metrics of use (definitions §4): entries of the catalogue; views of their own answer them."""

from typing import Final

from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.usage import engagement, hub, people, processes, totals

ENTRIES: Final[tuple[Entry, ...]] = (
    *totals.ENTRIES,
    *engagement.ENTRIES,
    *hub.ENTRIES,
    *processes.ENTRIES,
    *people.ENTRIES,
)
