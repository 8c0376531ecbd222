"""When the rows of a source arrive: how many in which hour, and the last of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Rows, repetitions included, by the hour (since 1970, UTC) in which they were received;
    `last_ms` is when the last of them was.
    """

    last_ms: int
    by_hour: Mapping[int, int]

    def since(self, first_hour: int) -> int:
        """How many rows were received in an hour or later."""
        return sum(rows for hour, rows in self.by_hour.items() if hour >= first_hour)

    def rhythm(self) -> list[int]:
        """The hours in which anything was received, in order."""
        return sorted(self.by_hour)


BySource = Mapping[str, Arrivals]


def arrivals_of(deliveries: Iterable[tuple[str, int, int]]) -> dict[str, Arrivals]:
    """Arrivals by source, from the source of each delivery, when it was received, and its rows."""
    last: dict[str, int] = {}
    hours: dict[str, Counter[int]] = {}
    for source, received_ms, rows in deliveries:
        last[source] = max(last.get(source, received_ms), received_ms)
        hours.setdefault(source, Counter())[received_ms // HOUR_MS] += rows
    return {source: Arrivals(last[source], dict(hours[source])) for source in sorted(last)}


def together(parts: Iterable[BySource], first_hour: int = 0) -> dict[str, Arrivals]:
    """The arrivals of several units, from an hour on; `last_ms` is of whenever it was."""
    last: dict[str, int] = {}
    hours: dict[str, Counter[int]] = {}
    for part in parts:
        for source, arrivals in part.items():
            last[source] = max(last.get(source, arrivals.last_ms), arrivals.last_ms)
            counted = hours.setdefault(source, Counter())
            for hour, rows in arrivals.by_hour.items():
                if hour >= first_hour:
                    counted[hour] += rows
    return {source: Arrivals(last[source], dict(hours[source])) for source in sorted(last)}
