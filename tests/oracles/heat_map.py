"""The hour-of-week heat map (definitions §4), from a history: hit by hit."""

from collections import defaultdict
from dataclasses import dataclass, field
from zoneinfo import available_timezones

from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.heat_map_answer import HeatMapAnswer, ZoneHours
from shared.metrics.engine.heat_map_request import HeatMapRequest
from shared.metrics.engine.requests import AttributeValues
from tests.oracles import local_days, no_data, windows
from tests.oracles.counting import counting
from tests.oracles.history import History, is_hit

QUARTER_MS = 15 * 60 * 1000
NOT_SET = "(not set)"
OTHERS = "(other groups)"
MOST_ZONES = 50


@dataclass
class Zone:
    """What the people of a zone did."""

    hits: list[int] = field(default_factory=lambda: [0] * 168)
    people: set[str] = field(default_factory=set)

    def add(self, other: "Zone") -> "Zone":
        """Both together."""
        hits = [one + more for one, more in zip(self.hits, other.hits, strict=True)]
        return Zone(hits, self.people | other.people)


def heat_map(
    history: History, request: HeatMapRequest, now_ms: int, proof: Proof, *, first_weekday: int = 0
) -> HeatMapAnswer:
    """The heat map, with a proof that is taken as given."""
    window, _ = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    who = counting(history, request.people, now_ms)
    is_current = request.people.attribute_values is AttributeValues.CURRENT
    zones: dict[str, Zone] = defaultdict(Zone)
    in_hour: list[set[str]] = [set() for _ in range(168)]
    without, unknown, unknown_names = set(), set(), set()
    is_backfilled = False
    for event in history.usage:
        day = history.day_of(event.occurred_at_ms)
        if day not in window or not is_hit(event) or not who.counts(event.user_id, day):
            continue
        person = history.person(event.user_id)
        at_ms = now_ms if is_current else local_days.day_bounds_ms(history.zone, day)[1]
        zone = person.value("time_zone", at_ms)
        if zone == NOT_SET:
            without.add(event.user_id)
            zone = history.zone
        elif zone not in available_timezones():
            unknown.add(event.user_id)
            unknown_names.add(zone)
            zone = history.zone
        hour = hour_of_week(zone, event.occurred_at_ms, first_weekday)
        zones[zone].hits[hour] += 1
        zones[zone].people.add(event.user_id)
        in_hour[hour].add(event.user_id)
        for attribute in {"time_zone", *request.people.conditions()}:
            stated = person.stated.get(attribute, [])
            is_backfilled |= bool(stated and stated[0][1] and stated[0][0] >= at_ms)
    everyone = {user_id for zone in zones.values() for user_id in zone.people}
    by_zone = zone_hours(zones)
    hits = [sum(zone.hits[hour] for zone in zones.values()) for hour in range(168)]
    return HeatMapAnswer(
        proof=proof,
        first_weekday=first_weekday,
        hits=hits,
        people=[len(people) for people in in_hour],
        peaks=peaks(hits),
        zones=by_zone,
        total_people=len(everyone),
        without_zone=len(without),
        unknown_zones=len(unknown),
        unknown_names=sorted(unknown_names)[:20],
        is_backfilled=is_backfilled,
        overlaps=sum(by_zone.people) > len(everyone),
        no_data_days=[
            day for day in windows.days(window) if no_data.is_missing(history, day, now_ms)
        ],
    )


def hour_of_week(zone: str, at_ms: int, first_weekday: int) -> int:
    """The hour that the clock shows in the middle of the quarter-hour that an instant is in."""
    middle_ms = at_ms - at_ms % QUARTER_MS + QUARTER_MS // 2
    clock = local_days.wall_clock(zone, middle_ms)
    return 24 * ((clock.weekday() - first_weekday) % 7) + clock.hour


def zone_hours(zones: dict[str, Zone]) -> ZoneHours:
    """The zones, those with most hits first; the fifty-first and further ones together."""
    names = sorted(zones, key=lambda name: (-sum(zones[name].hits), name))
    rows = [zones[name] for name in names[:MOST_ZONES]]
    if names[MOST_ZONES:]:
        others = Zone()
        for name in names[MOST_ZONES:]:
            others = others.add(zones[name])
        names, rows = [*names[:MOST_ZONES], OTHERS], [*rows, others]
    return ZoneHours(
        names=names,
        people=[len(row.people) for row in rows],
        hits=[row.hits for row in rows],
        peaks=[peaks(row.hits) for row in rows],
        has_others=OTHERS in names,
    )


def peaks(hits: list[int]) -> list[int]:
    """The hours that no other hour has more hits than."""
    return [hour for hour in range(168) if hits[hour] > 0 and hits[hour] == max(hits)]
