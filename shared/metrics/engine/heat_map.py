"""The heat map: reads the days it needs, and lets the domain compute."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import time_zone
from shared.metrics.domain.rollups import QUARTER_MS
from shared.metrics.domain.roster import NOT_SET
from shared.metrics.domain.selection import EVERYTHING
from shared.metrics.domain.views.heat_map import DaySlots, HeatMap, peaks
from shared.metrics.domain.views.heat_map_answer import HeatMapAnswer
from shared.metrics.engine.groups import filter_is_backfilled, groups_of
from shared.metrics.engine.heat_map_request import HeatMapRequest
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.question import Question
from shared.metrics.engine.requests import PeopleAttribute

MAX_DAYS: Final = 366
MOST_UNKNOWN_NAMES: Final = 20
_OWN, _WITHOUT, _UNKNOWN = range(3)


@dataclass(frozen=True, slots=True)
class _Zones:
    """The zones of people: their names and rules, and by group of people the number of its zone
    and whether that is its own. The tenant's is the first.
    """

    names: list[str]
    rules: list[ZoneInfo]
    zone_of: NDArray[np.int64]
    kind_of: NDArray[np.int64]


def heat_map(question: Question, request: HeatMapRequest) -> HeatMapAnswer:
    """Answer the heat map."""
    asked = question.asked(request)
    if asked.window.length > MAX_DAYS:
        message = f"the range has {asked.window.length:,} days; a heat map has at most {MAX_DAYS}"
        raise BadInputError(message, field="range")
    reading = question.read(asked.window, request.people)
    groups = groups_of(reading, PeopleAttribute.TIME_ZONE)
    settings = question.data.settings
    zones = _zones(settings.time_zone, groups.names)
    people = reading.width
    found = HeatMap(zones.rules, people, settings.first_weekday)
    present = np.zeros((reading.span.length, people), bool)
    for day, arrays in reading.snapshot.arrays(BlockKind.SLOTS).items():
        row = reading.snapshot.row(day)
        first_quarter = question.data.calendar.start_ms(day) // QUARTER_MS
        slots = DaySlots(first_quarter, arrays["person"], arrays["quarter"], arrays["hits"])
        if reading.mask is not None:
            slots = slots.of_people(reading.mask[row])
        found.add(slots, zones.zone_of[groups.code[row]])
        present[row, slots.person] = True
    kind = zones.kind_of[groups.code]
    unknown = np.unique(groups.code[present & (kind == _UNKNOWN)]).tolist()
    by_zone, hits = found.by_zone(zones.names), found.hits
    return HeatMapAnswer(
        proof=question.proof(asked, asked.window),
        first_weekday=settings.first_weekday,
        hits=hits,
        people=found.people,
        peaks=peaks(hits),
        zones=by_zone,
        total_people=found.total_people,
        without_zone=_people(present & (kind == _WITHOUT)),
        unknown_zones=_people(present & (kind == _UNKNOWN)),
        unknown_names=[groups.names[code] for code in unknown[:MOST_UNKNOWN_NAMES]],
        is_backfilled=groups.is_backfilled(present) or filter_is_backfilled(reading, present),
        overlaps=sum(by_zone.people) > found.total_people,
        no_data_days=no_data_in(question, reading.snapshot).dates(asked.window, EVERYTHING),
    )


def _people(days: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(days.any(axis=0)))


@lru_cache(maxsize=4_096)
def _known_zone(name: str) -> ZoneInfo | None:
    """The rules of a zone; None if there is none of that name, which takes long to find out."""
    try:
        return time_zone(name)
    except BadInputError:
        return None


def _zones(tenants: str, values: list[str]) -> _Zones:
    """The zones that the values of the attribute name."""
    names, rules = [tenants], [time_zone(tenants)]
    zone_of, kind_of = [], []
    for value in values:
        zone, kind = 0, _OWN
        if value == NOT_SET:
            kind = _WITHOUT
        elif value != tenants:
            known = _known_zone(value)
            if known is None:
                kind = _UNKNOWN
            else:
                zone = len(names)
                names.append(value)
                rules.append(known)
        zone_of.append(zone)
        kind_of.append(kind)
    return _Zones(names, rules, np.array(zone_of, np.int64), np.array(kind_of, np.int64))
