"""Random days, events and timelines, crowded around what is easy to get wrong."""

from datetime import date
from typing import NamedTuple

from hypothesis import strategies as st

from shared.metrics.domain.events import ActorKind, Event, Signal
from tests.builders import DAY_MS, HOUR_MS, MINUTE_MS, SOURCE, canonical_json, event_id
from tests.oracles.local_days import day_start_ms
from tests.oracles.sessions import FIFTEEN_MINUTES_MS, Kind


class Place(NamedTuple):
    """A zone and a day near which its clocks do something unusual."""

    zone: str
    day: date


PLACES = [
    Place("UTC", date(2026, 3, 9)),
    Place("Asia/Kathmandu", date(2026, 3, 9)),
    Place("Europe/Berlin", date(2026, 3, 29)),  # 23 hours
    Place("Europe/Berlin", date(2026, 10, 25)),  # 25 hours
    Place("Australia/Lord_Howe", date(2026, 4, 5)),  # 24.5 hours
    Place("Australia/Lord_Howe", date(2026, 10, 4)),  # 23.5 hours
    Place("America/Sao_Paulo", date(2018, 11, 4)),  # has no midnight
    Place("America/Sao_Paulo", date(2018, 2, 18)),  # the hour before it comes twice
    Place("Pacific/Apia", date(2011, 12, 30)),  # was skipped
    Place("Pacific/Apia", date(2011, 12, 31)),  # follows the skipped one
    Place("America/St_Johns", date(2006, 4, 2)),  # 00:01 -> 01:01
    Place("America/St_Johns", date(2006, 10, 29)),  # 00:01 -> 23:01 of the day before
    Place("Africa/Cairo", date(2023, 4, 28)),  # has no midnight
    Place("America/Nuuk", date(2024, 3, 30)),  # ends an hour early
    Place("Atlantic/Azores", date(2026, 3, 29)),  # 00:00 -> 01:00
    Place("America/Havana", date(2025, 11, 2)),  # 01:00 -> 00:00
]
places = st.sampled_from(PLACES)

USERS = ("ann", "bob", "cyd", "Öde#%|😀")
FEATURES = ("Leads", "Deals", "Cases")
GAPS_MS = (
    0,
    1,
    MINUTE_MS,
    FIFTEEN_MINUTES_MS - 1,
    FIFTEEN_MINUTES_MS,
    FIFTEEN_MINUTES_MS + 1,
    5 * HOUR_MS,
    DAY_MS,
)


@st.composite
def instants_near(draw: st.DrawFn, place: Place, days: int = 2) -> int:
    """An instant near the start of the day of a place, or of one of the days after it."""
    start_ms = day_start_ms(place.zone, place.day) + draw(st.integers(0, days)) * DAY_MS
    offset_ms = draw(
        st.sampled_from([0, HOUR_MS, -HOUR_MS, DAY_MS // 2])
        | st.integers(-2 * HOUR_MS, 2 * HOUR_MS)
    )
    return start_ms + offset_ms + draw(st.sampled_from([0, 1, -1, *GAPS_MS[2:6]]))


@st.composite
def timelines(draw: st.DrawFn, place: Place) -> list[tuple[int, Kind]]:
    """The activities of one person over some days: bursts with gaps about the timeout long."""
    kinds = st.sampled_from([*Kind, Kind.START])
    found: list[tuple[int, Kind]] = []
    for _ in range(draw(st.integers(1, 4))):
        at_ms = draw(instants_near(place))
        for gap_ms in draw(st.lists(st.sampled_from(GAPS_MS), max_size=6)):
            at_ms += gap_ms
            found.append((at_ms, draw(kinds)))
    if draw(st.booleans()):
        found += draw(heartbeats_over_days(place))
    return draw(st.permutations(found))


@st.composite
def heartbeats_over_days(draw: st.DrawFn, place: Place) -> list[tuple[int, Kind]]:
    """A window left open: one hit, then heartbeats for up to three days."""
    at_ms = draw(instants_near(place, days=0))
    beats = draw(st.integers(1, 300))
    return [
        (at_ms, Kind.START),
        *((at_ms + beat * FIFTEEN_MINUTES_MS, Kind.KEEP_ALIVE) for beat in range(1, beats)),
    ]


@st.composite
def events(draw: st.DrawFn, times: st.SearchStrategy[int]) -> Event:
    """An event that is often a copy of another: few ids, users and features to choose from."""
    action = draw(st.sampled_from(["use", "use", "use", "login", "logout", "heartbeat"]))
    signal = draw(st.sampled_from([Signal.ACTION, Signal.ACTION, Signal.CHANGE, Signal.SYSTEM]))
    user_id = draw(st.sampled_from(USERS))
    if signal is Signal.CHANGE and action == "use":
        user_id = draw(st.sampled_from([*USERS, ""]))
    return Event(
        event_id=event_id(f"e{draw(st.integers(0, 30))}"),
        user_id=user_id,
        occurred_at_ms=draw(times),
        received_at_ms=0,
        feature=draw(st.sampled_from(FEATURES)),
        property=draw(st.sampled_from(["", "Views"])),
        attribute="",
        action=action,
        record_id=draw(st.sampled_from(["", "r1"])),
        account_id="",
        signal=signal,
        actor_kind=draw(st.sampled_from([ActorKind.USER] * 6 + [ActorKind.API, ActorKind.UNKNOWN])),
        source=SOURCE,
        context=canonical_json(draw(st.sampled_from([{}, {"a": "1"}, {"a": "Ö"}]))),
    )


@st.composite
def event_lists(draw: st.DrawFn, times: st.SearchStrategy[int], most: int = 25) -> list[Event]:
    """Events, some of them again: the same, at another time, or with another content."""
    found = draw(st.lists(events(times), max_size=most))
    for original in draw(st.lists(st.sampled_from(found), max_size=8)) if found else []:
        copy = draw(st.just(original) | events(times))
        at_ms = draw(st.just(original.occurred_at_ms) | times)
        found.append(copy._replace(event_id=original.event_id, occurred_at_ms=at_ms))
    return draw(st.permutations(found))
