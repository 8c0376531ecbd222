"""The hour-of-week heat map as an answer (definitions §4)."""

from dataclasses import dataclass
from datetime import date

from shared.metrics.domain.views.answers import Proof


@dataclass(frozen=True, slots=True)
class ZoneHours:
    """Time zones as parallel lists, those with most hits first; if there are too many, the last
    stands for all others (`has_others`). `people` are distinct; `hits` and `peaks` are by hour.
    """

    names: list[str]
    people: list[int]
    hits: list[list[int]]
    peaks: list[list[int]]
    has_others: bool


@dataclass(frozen=True, slots=True)
class HeatMapAnswer:
    """Hits and distinct people by hour of the week, as each person's own clock showed it.

    Lists have 168 entries: hour h of day d of the week at 24 d + h, day 0 being `first_weekday`
    (Monday is 0). Peaks are the hours with most hits, none without any. People without a zone, and
    those whose zone is not one (`unknown_zones`), are shown in the tenant's; how many there were.
    `overlaps`: someone's zone changed, so that the people of the zones are more than there were.
    `no_data_days` are without data: what was done on them is not in the map.
    """

    proof: Proof
    first_weekday: int
    hits: list[int]
    people: list[int]
    peaks: list[int]
    zones: ZoneHours
    total_people: int
    without_zone: int
    unknown_zones: int
    unknown_names: list[str]
    is_backfilled: bool
    overlaps: bool
    no_data_days: list[date]
