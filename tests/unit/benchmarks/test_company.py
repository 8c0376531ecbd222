"""The company that the views are measured with: what the engines load is what our store holds."""

import json
from typing import Final

import pytest

from benchmarks.company.directory import Upsert, directory, person_number, user_id
from benchmarks.company.packs import DELIVERY, day_packs, directory_pack
from benchmarks.company.paths import LOGIN_PATH, PATHS
from benchmarks.company.rows import NO_RECORD, DayRows, Staff, day_rows
from benchmarks.company.size import DAY_MS, FIRST_MS, Size
from shared.metrics.columns.packs import read_events
from shared.metrics.domain.events import LOGIN, ActorKind, Event, Signal, is_directory_event

SIZE: Final = Size(people=30, days=14, events=DELIVERY + 700)
STAFF: Final = Staff.of(SIZE)


def expected(rows: DayRows) -> list[tuple[object, ...]]:
    return [
        (
            rows.ids[at].tobytes(),
            user_id(int(rows.user[at])),
            int(rows.times_ms[at]),
            *PATHS[rows.path[at]],
            "" if rows.record[at] == NO_RECORD else f"record-{rows.record[at]}",
        )
        for at in range(len(rows.user))
    ]


def essence(event: Event) -> tuple[object, ...]:
    return (
        event.event_id,
        event.user_id,
        event.occurred_at_ms,
        event.feature,
        event.property,
        event.attribute,
        event.action,
        event.record_id,
    )


def test_packs_hold_the_rows_of_the_day() -> None:
    rows = day_rows(SIZE, STAFF, 1)
    packs = list(day_packs(rows))
    events = [event for body in packs for event in read_events(body)]
    assert len(packs) == 2
    assert [essence(event) for event in events] == expected(rows)
    assert {(event.signal, event.actor_kind) for event in events} == {
        (Signal.ACTION, ActorKind.USER)
    }


@pytest.mark.parametrize("day", [0, 3, 13])
def test_rows_are_those_of_their_day_and_always_the_same(day: int) -> None:
    rows, again = day_rows(SIZE, STAFF, day), day_rows(SIZE, STAFF, day)
    assert (rows.times_ms // DAY_MS == FIRST_MS // DAY_MS + day).all()
    assert (rows.times_ms[1:] >= rows.times_ms[:-1]).all()
    assert (rows.ids == again.ids).all()
    assert (rows.record == again.record).all()


def test_only_people_of_the_company_do_something() -> None:
    for day in range(SIZE.days):
        user = day_rows(SIZE, STAFF, day).user
        assert (STAFF.joined[user] <= day).all()
        assert (day < STAFF.left[user]).all()


def test_logins_have_no_record() -> None:
    rows = day_rows(SIZE, STAFF, 0)
    assert PATHS[LOGIN_PATH] == ("", "", "", LOGIN)
    assert (rows.record[rows.path == LOGIN_PATH] == NO_RECORD).all()


def test_the_directory_is_one_pack_of_upserts() -> None:
    upserts = directory(SIZE, STAFF)
    events = read_events(directory_pack(upserts))
    assert all(is_directory_event(event) for event in events)
    assert upserts == [
        Upsert(person_number(event.user_id), event.occurred_at_ms, json.loads(event.context))
        for event in events
    ]
    assert {upsert.user for upsert in upserts} == set(range(SIZE.people))
