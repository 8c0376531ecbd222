"""The hour-of-week heat map (definitions §4): when people work, by their own clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.views.grouping import kept_groups
from shared.metrics.domain.views.heat_map_answer import ZoneHours
from shared.metrics.domain.zone_offsets import HOURS_OF_WEEK, hours_of_week


@dataclass(frozen=True, slots=True)
class DaySlots:
    """Hits of a day by person and quarter of an hour, where there are any. `quarter` counts from
    `first_quarter`, which counts from 1970 UTC.
    """

    first_quarter: int
    person: NDArray[Any]
    quarter: NDArray[Any]
    hits: NDArray[Any]

    def of_people(self, counts: NDArray[np.bool_]) -> "DaySlots":
        """The slots of those people alone."""
        kept = counts[self.person]
        return DaySlots(self.first_quarter, self.person[kept], self.quarter[kept], self.hits[kept])


class HeatMap:
    """Adds up days. Zones and people are by number."""

    def __init__(self, zones: Sequence[ZoneInfo], people: int, first_weekday: int) -> None:
        self._zones = zones
        self._first_weekday = first_weekday
        self._hits = np.zeros((len(zones), HOURS_OF_WEEK), np.int64)
        self._in_hour = np.zeros((HOURS_OF_WEEK, people), bool)
        self._in_zone = np.zeros((len(zones), people), bool)

    def add(self, slots: DaySlots, zone_of: NDArray[np.int64]) -> None:
        """Add a day. `zone_of` is the zone of each person on it."""
        if not len(slots.person):
            return
        zone = zone_of[slots.person]
        quarters = int(slots.quarter.max()) + 1
        there = np.flatnonzero(np.bincount(zone))
        hour_of = np.zeros((int(there[-1]) + 1, quarters), np.int64)
        for number in there.tolist():
            hour_of[number] = hours_of_week(
                self._zones[number], slots.first_quarter, quarters, self._first_weekday
            )
        hour = hour_of[zone, slots.quarter]
        cells = np.bincount(zone * HOURS_OF_WEEK + hour, slots.hits, minlength=self._hits.size)
        self._hits += cells.astype(np.int64).reshape(self._hits.shape)
        self._in_hour[hour, slots.person] = True
        self._in_zone[zone, slots.person] = True

    @property
    def hits(self) -> list[int]:
        """Hits by hour of the week."""
        hits: list[int] = self._hits.sum(axis=0).tolist()
        return hits

    @property
    def people(self) -> list[int]:
        """Distinct people by hour of the week."""
        people: list[int] = np.count_nonzero(self._in_hour, axis=1).tolist()
        return people

    @property
    def total_people(self) -> int:
        """Distinct people of all hours."""
        return int(np.count_nonzero(self._in_hour.any(axis=0)))

    def by_zone(self, names: Sequence[str]) -> ZoneHours:
        """The hits of each zone that has any."""
        used = np.flatnonzero(self._hits.any(axis=1))
        hits, in_zone = self._hits[used], self._in_zone[used]
        kept = kept_groups([names[number] for number in used.tolist()], hits.sum(axis=1).tolist())
        of_kept = np.zeros((len(kept.names), HOURS_OF_WEEK), np.int64)
        people = np.zeros((len(kept.names), in_zone.shape[1]), bool)
        np.add.at(of_kept, kept.place, hits)
        np.logical_or.at(people, kept.place, in_zone)
        rows: list[list[int]] = of_kept.tolist()
        return ZoneHours(
            names=kept.names,
            people=np.count_nonzero(people, axis=1).tolist(),
            hits=rows,
            peaks=[peaks(row) for row in rows],
            has_others=kept.has_others,
        )


def peaks(hits: Sequence[int]) -> list[int]:
    """The hours with most hits; none if there are no hits."""
    most = max(hits)
    return [hour for hour, here in enumerate(hits) if most > 0 and here == most]
