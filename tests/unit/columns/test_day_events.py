"""The hits of a day one by one, from packs to segments and back, against plain loops."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.blocks import read_block, write_block
from shared.metrics.columns.day_events import (
    by_path,
    identities_of,
    read_names,
    read_segment,
    write_names,
    write_segments,
)
from shared.metrics.columns.fold import FoldedDay, fold_day
from shared.metrics.domain.counting_signals import CountingSignals
from shared.metrics.domain.events import Event, Signal
from shared.metrics.domain.periods import DayBounds
from tests.builders import event, heartbeat, instant_ms, logout, packs_of
from tests.oracles import local_days
from tests.oracles.deduplication import distinct
from tests.oracles.history import history, is_hit
from tests.oracles.sessions import FIFTEEN_MINUTES_MS, kind_of, sessions
from tests.oracles.signals import first_actions
from tests.unit.domain.strategies import Place, event_lists, instants_near, places

BOUNDS = DayBounds(instant_ms("2026-03-09 00:00"), instant_ms("2026-03-10 00:00"))
TEN = instant_ms("2026-03-09 10:00")
Hit = tuple[str, tuple[str, str, str, str], int, bytes, bytes]


def folded(
    events: list[Event],
    bounds: DayBounds = BOUNDS,
    carried_ms: dict[str, int] | None = None,
    signals: Mapping[str, Signal] | None = None,
) -> FoldedDay:
    return fold_day(
        packs_of(events),
        bounds,
        carried_ms=carried_ms or {},
        timeout_ms=FIFTEEN_MINUTES_MS,
        signals=signals,
        with_events=True,
    )


def identity(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=16).digest() if name else bytes(16)


def hits_of(day: FoldedDay, start_ms: int) -> list[tuple[Hit, int]]:
    """Each hit with its session number, after a round trip through segments."""
    rollup = day.rollup
    assert day.events is not None
    people, paths = range(len(rollup.user_ids)), range(len(rollup.paths))
    index, body = write_segments(by_path(day.events, people, paths), start_ms)
    index = read_block(write_block(index))
    found = []
    start = 0
    for number, rows, end in zip(*(index[name] for name in ("number", "rows", "end")), strict=True):
        segment = read_segment(body[start:end], start_ms)
        start = int(end)
        assert len(segment) == rows
        assert segment.times_ms.tolist() == sorted(segment.times_ms.tolist())
        for at in range(len(segment)):
            hit = (
                rollup.user_ids[segment.person[at]],
                rollup.paths[number],
                int(segment.times_ms[at]),
                segment.record[at].tobytes(),
                segment.account[at].tobytes(),
            )
            found.append((hit, int(segment.session[at])))
    return found


def of_event(each: Event) -> Hit:
    path = (each.feature, each.property, each.attribute, each.action)
    ids = identity(each.record_id), identity(each.account_id)
    return (each.user_id, path, each.occurred_at_ms, *ids)


@given(st.data(), places)
def test_every_hit_is_there_once_and_in_the_right_session(
    data: st.DataObject, place: Place
) -> None:
    events = data.draw(event_lists(instants_near(place)))
    names = st.sampled_from(["", "r1", "r2", "Öde#😀"])
    events = [
        each._replace(record_id=data.draw(names), account_id=data.draw(names)) for each in events
    ]
    told = history(events, place.zone)
    session_of: dict[tuple[str, int], int] = {}
    for user_id in told.user_ids:
        activities = [
            (each.occurred_at_ms, kind)
            for each in told.usage
            if each.user_id == user_id and (kind := kind_of(each)) is not None
        ]
        for number, times in enumerate(sessions(activities, FIFTEEN_MINUTES_MS)):
            session_of |= {(user_id, at_ms): number for at_ms in times}
    counting = CountingSignals(first_actions=first_actions(distinct(events), told.day_of))
    carried_ms: dict[str, int] = {}
    for offset in range(-2, 6):
        day = place.day + timedelta(days=offset)
        bounds = DayBounds(*local_days.day_bounds_ms(place.zone, day))
        of_day = [each for each in events if told.day_of(each.occurred_at_ms) == day]
        found = folded(of_day, bounds, carried_ms, counting.on(day))
        hits = hits_of(found, bounds.start_ms)
        expected = [
            of_event(each)
            for each in told.usage
            if is_hit(each) and told.day_of(each.occurred_at_ms) == day
        ]
        assert sorted(hit for hit, _ in hits) == sorted(expected)
        numbers: dict[tuple[str, int], set[int]] = defaultdict(set)
        for (user_id, _, at_ms, _, _), number in hits:
            numbers[user_id, session_of[user_id, at_ms]].add(number)
        assert all(len(of_session) == 1 for of_session in numbers.values())
        assert len({(user, *n) for (user, _), n in numbers.items()}) == len(numbers)
        for (user_id, _), (number,) in numbers.items():
            assert number > 0 or user_id not in carried_ms or _goes_on(user_id, hits, carried_ms)
        carried_ms = dict(found.rollup.open_until_ms)


def _goes_on(user_id: str, hits: list[tuple[Hit, int]], carried_ms: dict[str, int]) -> bool:
    """Whether the first session of someone who came in with an open one is that one."""
    first_ms = min(hit[2] for hit, number in hits if hit[0] == user_id and number == 0)
    return first_ms > carried_ms[user_id]


def test_a_session_that_was_handed_over_is_number_0_and_the_next_is_1() -> None:
    start_ms = BOUNDS.start_ms
    day = folded(
        [event(start_ms + 1), event(start_ms + FIFTEEN_MINUTES_MS + 2)],
        carried_ms={"ann": start_ms - 1},
    )
    assert [number for _, number in hits_of(day, start_ms)] == [0, 1]
    assert day.rollup.carried.tolist() == [True]


def test_who_comes_back_too_late_for_the_session_handed_over_begins_number_1() -> None:
    day = folded([event(TEN)], carried_ms={"ann": BOUNDS.start_ms - 1})
    assert [number for _, number in hits_of(day, BOUNDS.start_ms)] == [1]


def test_a_hit_in_the_millisecond_of_a_logout_is_in_the_session_that_ends() -> None:
    day = folded([event(TEN), logout(TEN + 5), event(TEN + 5, "ann", "Deals"), event(TEN + 6)])
    numbers = {hit[2] - TEN: number for hit, number in hits_of(day, BOUNDS.start_ms)}
    assert numbers == {0: 0, 5: 0, 6: 1}


def test_only_hits_are_there() -> None:
    day = folded([event(TEN), heartbeat(TEN + 1), logout(TEN + 2)])
    assert len(hits_of(day, BOUNDS.start_ms)) == 1


def test_the_same_events_give_the_same_bytes_in_any_order() -> None:
    events = [
        event(TEN + ms, user, feature, record_id=record, name=f"{ms}{user}{feature}{record}")
        for ms in (0, 5)
        for user in ("ann", "bob")
        for feature in ("Leads", "Deals")
        for record in ("r1", "r2", "")
    ]
    bodies = []
    for order in (events, events[::-1]):
        day = folded(order)
        assert day.events is not None
        people, paths = range(2), range(2)
        bodies.append(write_segments(by_path(day.events, people, paths), BOUNDS.start_ms)[1])
    assert bodies[0] == bodies[1]


def test_copies_that_differ_only_in_their_record_are_one_event() -> None:
    one = event(TEN, record_id="r1", name="same")
    other = event(TEN, record_id="r2", name="same")
    for order in ([one, other], [other, one]):
        ((hit, _),) = hits_of(folded(order), BOUNDS.start_ms)
        assert hit[3] == identity("r1")


def test_names_come_back_sorted_and_without_the_empty_one() -> None:
    assert read_names(write_names(["b", "", "a", "b"])) == ["a", "b"]


def test_identities_are_hashes_and_nothing_for_no_name() -> None:
    found = identities_of(["", "r1"])
    assert [row.tobytes() for row in found] == [bytes(16), identity("r1")]
    assert identities_of([]).shape == (0, 2)
    assert found.dtype == np.uint64
