"""Packs split again by the days of other zones: every event on its day, always the same packs."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.packs import read_events, time_span, write_pack
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage import splitting
from shared.metrics.storage.keys import DIRECTORY
from shared.metrics.storage.splitting import NamedPack, UnitPacks, packs_of, split_again
from tests.builders import HOUR_MS, event, instant_ms, upserted
from tests.oracles.local_days import day_of

ZONES = ("UTC", "Asia/Tokyo", "America/St_Johns", "Pacific/Apia", "Pacific/Kiritimati")
AROUND_MS = instant_ms("2011-12-30 00:00")
"""Apia skipped this day; in St John's clocks were still changed over midnight."""

events = st.builds(
    lambda hours, user, context: event(
        AROUND_MS + round(hours * HOUR_MS), user, context=f'{{"n":{context}}}'
    ),
    st.floats(-40, 40),
    st.sampled_from("ab"),
    st.integers(0, 3),
)
deliveries = st.lists(st.lists(events, min_size=1, max_size=8), min_size=1, max_size=4)


def put(delivered: list[list[Event]], zone: str) -> UnitPacks:
    """The packs of deliveries as ingest puts them."""
    units: defaultdict[str, list[NamedPack]] = defaultdict(list)
    for number, rows in enumerate(delivered):
        days: defaultdict[str, list[Event]] = defaultdict(list)
        for row in rows:
            days[day_of(zone, row.occurred_at_ms).isoformat()].append(row)
        for day, of_day in days.items():
            units[day] += packs_of(of_day, f"request #{number}")
    return units


def rows_of(packs: UnitPacks) -> Counter[tuple[str, Event]]:
    """Unit and event of every row; a pack of the same name in the same unit counts once."""
    return Counter(
        (unit, row)
        for unit, of_unit in packs.items()
        for body in dict(of_unit).values()
        for row in read_events(body)
    )


def expected(delivered: list[list[Event]], zone: str) -> Counter[tuple[str, Event]]:
    rows = [row for rows in delivered for row in rows]
    return Counter((day_of(zone, row.occurred_at_ms).isoformat(), row) for row in rows)


@given(deliveries, st.lists(st.sampled_from(ZONES), min_size=2, max_size=4))
def test_every_row_is_on_its_day_however_often_the_zone_changes(
    delivered: list[list[Event]], zones: list[str]
) -> None:
    packs = put(delivered, zones[0])
    for zone in zones[1:]:
        packs = split_again(packs, LocalCalendar(zone))
        assert rows_of(packs) == expected(delivered, zone)


@given(deliveries, st.sampled_from(ZONES))
def test_the_order_and_company_of_packs_make_no_difference(
    delivered: list[list[Event]], zone: str
) -> None:
    packs, calendar = put(delivered, "UTC"), LocalCalendar(zone)
    together = split_again(packs, calendar)
    alone: Mapping[str, set[NamedPack]] = defaultdict(set)
    for unit, of_unit in reversed(list(packs.items())):
        for pack in of_unit:
            for day, parts in split_again({unit: [pack]}, calendar).items():
                alone[day].update(parts)
    assert {day: set(parts) for day, parts in together.items()} == alone


def test_a_pack_within_one_day_is_kept_as_it_is_and_so_is_the_directory() -> None:
    packs = put([[event(AROUND_MS + 15 * HOUR_MS), event(AROUND_MS + 16 * HOUR_MS)]], "UTC")
    (pack,) = packs["2011-12-30"]
    known = packs_of([upserted(AROUND_MS)], "request")
    found = split_again({**packs, DIRECTORY: known}, LocalCalendar("Asia/Tokyo"))
    assert found == {"2011-12-31": [pack], DIRECTORY: known}


def test_a_pack_that_grows_is_put_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = Random(1)
    rows = [
        event(AROUND_MS + at * HOUR_MS, context=f'"{noise.randbytes(500).hex()}"')
        for at in range(10, 20)
    ]
    packs = put([rows], "UTC")
    monkeypatch.setattr(splitting, "MAX_ITEM_BYTES", 1_000)
    found = split_again(packs, LocalCalendar("Asia/Tokyo"))
    assert rows_of(found) == expected([rows], "Asia/Tokyo")
    assert max(len(pack.body) for of_unit in found.values() for pack in of_unit) <= 1_000


@given(st.lists(events, min_size=1, max_size=8))
def test_the_time_span_of_a_pack(rows: list[Event]) -> None:
    times = [row.occurred_at_ms for row in rows]
    assert time_span(write_pack(rows)) == (min(times), max(times))
