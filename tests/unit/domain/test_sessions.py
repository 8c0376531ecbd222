"""Sessions by day, in arrays, against one pass over a person's whole timeline."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain import sessions as array_code
from shared.metrics.domain.sessions import NOT_OPEN, day_sessions, in_order
from tests.builders import DAY_MS, HOUR_MS, MINUTE_MS, instant_ms
from tests.oracles import local_days
from tests.oracles.sessions import FIFTEEN_MINUTES_MS, DaySessions, Kind, by_day, sessions
from tests.unit.domain.strategies import Place, places, timelines

Timeline = Sequence[tuple[int, Kind]]
UTC = Place("UTC", date(2026, 3, 9))
NINE = instant_ms("2026-03-09 09:00")


def folded(
    people: Sequence[Timeline], place: Place, *, timeout_ms: int = FIFTEEN_MINUTES_MS
) -> list[DaySessions]:
    """Fold day by day, as the aggregate does, handing over the sessions that are still open."""
    days: dict[date, list[tuple[int, int, Kind]]] = {}
    for person, timeline in enumerate(people):
        for at_ms, kind in timeline:
            day = local_days.day_of(place.zone, at_ms)
            days.setdefault(day, []).append((person, at_ms, kind))
    found = [DaySessions() for _ in people]
    carried_ms = np.full(len(people), NOT_OPEN, np.int64)
    for day in _every_day(days):
        rows = days.get(day, [])
        result = day_sessions(
            np.array([person for person, _, _ in rows], np.uint32),
            np.array([at_ms for _, at_ms, _ in rows], np.int64),
            np.array([kind for _, _, kind in rows], np.uint8),
            carried_ms=carried_ms,
            day_end_ms=local_days.day_bounds_ms(place.zone, day)[1],
            timeout_ms=timeout_ms,
        )
        carried_ms = result.open_until_ms
        for person, into in enumerate(found):
            into.count[day] += int(result.count[person])
            into.single_event[day] += int(result.single_event[person])
            into.milliseconds[day] += int(result.milliseconds[person])
    return found


def expected(
    people: Sequence[Timeline], place: Place, *, timeout_ms: int = FIFTEEN_MINUTES_MS
) -> list[DaySessions]:
    return [
        by_day(sessions(timeline, timeout_ms), lambda at_ms: local_days.day_of(place.zone, at_ms))
        for timeline in people
    ]


def _every_day(days: Mapping[date, object]) -> list[date]:
    if not days:
        return []
    length = (max(days) - min(days)).days
    return [min(days) + timedelta(days=offset) for offset in range(length + 1)]


def one_day(timeline: Timeline) -> tuple[int, int, int]:
    """Sessions, single-event sessions and minutes of one person on one day."""
    (found,) = folded([timeline], UTC)
    return (
        found.count.total(),
        found.single_event.total(),
        found.milliseconds.total() // MINUTE_MS,
    )


def start(after_ms: int) -> tuple[int, Kind]:
    return NINE + after_ms, Kind.START


def keep_alive(after_ms: int) -> tuple[int, Kind]:
    return NINE + after_ms, Kind.KEEP_ALIVE


def end(after_ms: int) -> tuple[int, Kind]:
    return NINE + after_ms, Kind.END


@given(st.data(), places, st.integers(1, 3))
def test_days_folded_one_by_one_add_up_to_the_whole_timeline(
    data: st.DataObject, place: Place, people: int
) -> None:
    drawn = [data.draw(timelines(place)) for _ in range(people)]
    assert folded(drawn, place) == expected(drawn, place)


@given(st.data(), st.sampled_from([1, MINUTE_MS, 14 * MINUTE_MS, HOUR_MS, 12 * HOUR_MS]))
def test_any_timeout_gives_the_sessions_of_the_definition(
    data: st.DataObject, timeout_ms: int
) -> None:
    drawn = [data.draw(timelines(UTC))]
    assert folded(drawn, UTC, timeout_ms=timeout_ms) == expected(drawn, UTC, timeout_ms=timeout_ms)


@given(st.data(), places)
def test_keys_that_do_not_fit_63_bits_give_the_same_sessions(
    data: st.DataObject, place: Place
) -> None:
    drawn = [data.draw(timelines(place)) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(array_code, "_KEY_BITS", 8)
        assert folded(drawn, place) == expected(drawn, place)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2**32 - 1),
            st.integers(0, 2**41) | st.sampled_from([0, 2**28, 2**29 - 1, 2**29]),
            st.integers(0, 2),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_activities_are_ordered_by_person_time_and_rank_whatever_bits_they_take(
    activities: list[tuple[int, int, int]],
) -> None:
    person, times_ms, rank = zip(*activities, strict=True)
    ordered = in_order(
        np.array(person, np.uint32), np.array(times_ms, np.int64), np.array(rank, np.uint8)
    )
    found = list(zip(*(column.tolist() for column in ordered), strict=True))
    assert found == sorted(activities)


def test_a_gap_of_exactly_fifteen_minutes_stays_inside() -> None:
    assert one_day([start(0), start(FIFTEEN_MINUTES_MS)]) == (1, 0, 15)


def test_one_millisecond_more_makes_a_new_session() -> None:
    assert one_day([start(0), start(FIFTEEN_MINUTES_MS + 1)]) == (2, 2, 0)


def test_a_one_event_session_is_counted_and_lasts_no_time() -> None:
    assert one_day([start(0)]) == (1, 1, 0)


def test_heartbeats_keep_a_session_alive_but_start_none() -> None:
    beats = [keep_alive(minutes * MINUTE_MS) for minutes in range(-30, 50, 10)]
    assert one_day([start(0), *beats]) == (1, 0, 40)
    assert one_day(beats) == (0, 0, 0)


def test_a_logout_closes_and_what_follows_opens_a_new_session() -> None:
    assert one_day([start(0), end(MINUTE_MS), start(2 * MINUTE_MS)]) == (2, 1, 1)


def test_a_heartbeat_after_a_logout_opens_nothing() -> None:
    assert one_day([start(0), end(MINUTE_MS), keep_alive(2 * MINUTE_MS)]) == (1, 0, 1)


def test_a_logout_with_nothing_open_opens_nothing() -> None:
    assert one_day([end(0)]) == (0, 0, 0)
    assert one_day([start(0), end(FIFTEEN_MINUTES_MS + 1)]) == (1, 1, 0)
    assert one_day([start(0), end(1), end(2)]) == (1, 0, 0)


def test_a_login_while_a_session_is_open_does_not_split_it() -> None:
    assert one_day([start(0), start(MINUTE_MS), start(2 * MINUTE_MS)]) == (1, 0, 2)


def test_within_one_millisecond_a_logout_comes_last() -> None:
    assert one_day([end(0), start(0)]) == (1, 0, 0)
    assert one_day([end(0), start(0), start(MINUTE_MS)]) == (2, 1, 0)


def test_two_devices_of_one_person_share_their_sessions() -> None:
    phone = [start(minutes * MINUTE_MS) for minutes in (0, 20, 40)]
    laptop = [start(minutes * MINUTE_MS) for minutes in (10, 30, 50)]
    assert one_day([*laptop, *phone]) == (1, 0, 50)


def test_across_midnight_it_is_one_session_counted_on_its_start_day() -> None:
    midnight = instant_ms("2026-03-10 00:00")
    timeline = [
        (midnight - 10 * MINUTE_MS, Kind.START),
        (midnight + 4 * MINUTE_MS, Kind.START),
        (midnight + 9 * MINUTE_MS, Kind.START),
    ]
    (found,) = folded([timeline], UTC)
    first, second = date(2026, 3, 9), date(2026, 3, 10)
    assert (found.count[first], found.count[second]) == (1, 0)
    assert (found.single_event[first], found.single_event[second]) == (1, 0)
    assert found.milliseconds[first] == 0
    assert found.milliseconds[second] == 19 * MINUTE_MS


@pytest.mark.parametrize(("gap_ms", "is_handed_over"), [(0, True), (1, False)])
def test_a_session_is_handed_over_while_the_next_day_can_still_go_on_with_it(
    gap_ms: int,
    is_handed_over: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    end_ms = instant_ms("2026-03-10 00:00")
    last_ms = end_ms - FIFTEEN_MINUTES_MS - gap_ms
    found = day_sessions(
        np.zeros(1, np.uint32),
        np.array([last_ms], np.int64),
        np.array([Kind.START], np.uint8),
        carried_ms=np.array([NOT_OPEN], np.int64),
        day_end_ms=end_ms,
        timeout_ms=FIFTEEN_MINUTES_MS,
    )
    assert found.open_until_ms.tolist() == [last_ms if is_handed_over else NOT_OPEN]


def test_heartbeats_hand_a_session_over_a_whole_day_in_between() -> None:
    beats = [keep_alive(quarter * FIFTEEN_MINUTES_MS) for quarter in range(4 * 48)]
    (found,) = folded([[start(-MINUTE_MS), *beats]], UTC)
    assert found.count[date(2026, 3, 9)] == found.count.total() == 1
    assert found.milliseconds[date(2026, 3, 10)] == DAY_MS


def test_a_day_of_nobody_is_empty() -> None:
    found = day_sessions(
        np.zeros(0, np.uint32),
        np.zeros(0, np.int64),
        np.zeros(0, np.uint8),
        carried_ms=np.full(2, NOT_OPEN, np.int64),
        day_end_ms=NINE,
        timeout_ms=FIFTEEN_MINUTES_MS,
    )
    assert found.count.tolist() == [0, 0]
    assert found.open_until_ms.tolist() == [NOT_OPEN, NOT_OPEN]
