"""Looks into a quarantine of any size: a bounded page of its rows, how many there are by reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.metrics.domain.errors import NotFoundError
from shared.metrics.storage.quarantine import Quarantine, QuarantinedRow, StoredDocket

MAX_DOCKETS_A_PAGE: Final = 2_000
"""Deliveries that are looked through for the rows of one page."""

MAX_DOCKETS_COUNTED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is: the name of its delivery, and its place there."""

    name: str
    index: int

    @property
    def text(self) -> str:
        """As a text that sorts by arrival."""
        return f"{self.name}#{self.index:05d}"


class PlacedRow(NamedTuple):
    """A row and where it is."""

    place: Place
    row: QuarantinedRow


class RowsPage(NamedTuple):
    """Some rows by arrival, and, if there may be more, behind which place they are."""

    rows: list[PlacedRow]
    more_after: str | None


class ReasonCounts(NamedTuple):
    """Rows by reason; if it is not complete, only those of the first deliveries."""

    rows: Counter[str]
    is_complete: bool


def place_of(text: str) -> Place:
    """The place that a text stands for; NotFoundError if none."""
    name, _, index = text.rpartition("#")
    if not (name and index.isascii() and index.isdigit() and len(index) <= len("10000")):
        raise _not_found(text)
    return Place(name, int(index))


def row_at(quarantine: Quarantine, place: Place) -> PlacedRow:
    """One row; NotFoundError if it is not, or no longer, in quarantine."""
    stored = quarantine.docket(place.name)
    for row in [] if stored is None else quarantine.rows(stored):
        if row.index == place.index:
            return PlacedRow(place, row)
    raise _not_found(place.text)


def rows_page(
    quarantine: Quarantine,
    most: int,
    *,
    after: str = "",
    source: str | None = None,
    reason: str | None = None,
) -> RowsPage:
    """At most so many rows behind a place, of a source and with a reason if these are given.

    A page may have fewer, even none, and still not be the last.
    """
    found: list[PlacedRow] = []
    for looked_at, stored in enumerate(_from(quarantine, after)):
        if looked_at == MAX_DOCKETS_A_PAGE:
            return RowsPage(found, f"{stored.name}#")  # sorts before its first row
        if source not in (None, stored.docket.source):
            continue
        if reason is not None and reason not in stored.docket.reasons:
            continue
        for row in quarantine.rows(stored):
            place = Place(stored.name, row.index)
            if place.text <= after or reason not in (None, row.reason):
                continue
            if len(found) == most:
                return RowsPage(found, found[-1].place.text)
            found.append(PlacedRow(place, row))
    return RowsPage(found, None)


def reason_counts(quarantine: Quarantine, *, source: str | None = None) -> ReasonCounts:
    """How many rows are in quarantine for which reason."""
    counts: Counter[str] = Counter()
    for looked_at, stored in enumerate(quarantine.dockets()):
        if looked_at == MAX_DOCKETS_COUNTED:
            return ReasonCounts(counts, is_complete=False)
        if source in (None, stored.docket.source):
            counts.update({reason: len(rows) for reason, rows in stored.docket.reasons.items()})
    return ReasonCounts(counts, is_complete=True)


def _from(quarantine: Quarantine, after: str) -> Iterator[StoredDocket]:
    return quarantine.dockets(first=after.rpartition("#")[0])


def _not_found(text: str) -> NotFoundError:
    return NotFoundError(f"there is no row {text!r} in quarantine")
