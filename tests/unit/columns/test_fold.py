"""The fold of packs against plain loops over their events."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.columns.fold import FoldedDay, count_rows, distinct_events, fold_day
from shared.metrics.domain.counting_signals import CountingSignals
from shared.metrics.domain.events import ActorKind, Event, Signal
from shared.metrics.domain.periods import DayBounds
from tests.builders import MINUTE_MS, event, heartbeat, instant_ms, login, packs_of
from tests.oracles import local_days
from tests.oracles.deduplication import distinct
from tests.oracles.history import history, is_hit
from tests.oracles.sessions import FIFTEEN_MINUTES_MS
from tests.oracles.signals import first_actions
from tests.unit.domain.strategies import Place, event_lists, instants_near, places

BOUNDS = DayBounds(instant_ms("2026-03-09 00:00"), instant_ms("2026-03-10 00:00"))
TEN = instant_ms("2026-03-09 10:00")


def folded(
    packs: list[bytes],
    bounds: DayBounds = BOUNDS,
    carried_ms: dict[str, int] | None = None,
    until_ms: int | None = None,
    signals: Mapping[str, Signal] | None = None,
) -> FoldedDay:
    return fold_day(
        packs,
        bounds,
        carried_ms=carried_ms or {},
        timeout_ms=FIFTEEN_MINUTES_MS,
        signals=signals,
        until_ms=until_ms,
    )


def shown(day: FoldedDay) -> dict[str, object]:
    """Everything that a fold comes to, as plain values."""
    rollup = day.rollup
    columns = (
        rollup.hits,
        rollup.logins,
        rollup.last_seen_ms,
        rollup.last_login_ms,
        rollup.sessions,
        rollup.single_event_sessions,
        rollup.session_ms,
    )
    people = zip(rollup.user_ids, *(column.tolist() for column in columns), strict=True)
    cube = zip(
        [rollup.features[at] for at in rollup.cube.row],
        [rollup.user_ids[at] for at in rollup.cube.person],
        rollup.cube.hits.tolist(),
        strict=True,
    )
    return {
        "people": list(people),
        "cube": sorted(cube),
        "features": rollup.features,
        "open": rollup.open_until_ms,
        "unattributed": rollup.unattributed_changes,
        "rows": day.rows,
        "duplicates": day.duplicates,
        "late": day.late,
        "sources": day.rows_by_source,
    }


@given(st.data(), places)
def test_days_folded_one_after_the_other_are_what_the_definitions_say(
    data: st.DataObject, place: Place
) -> None:
    events = data.draw(event_lists(instants_near(place)))
    told = history(events, place.zone)
    days = told.person_days(lambda _: True)
    sessions = {user_id: told.sessions_of(user_id) for user_id in told.user_ids}
    counting = CountingSignals(first_actions=first_actions(distinct(events), told.day_of))
    carried_ms: dict[str, int] = {}
    for offset in range(-2, 6):
        day = place.day + timedelta(days=offset)
        bounds = DayBounds(*local_days.day_bounds_ms(place.zone, day))
        of_day = [each for each in events if told.day_of(each.occurred_at_ms) == day]
        found = folded(packs_of(of_day), bounds, carried_ms, signals=counting.on(day))
        kept = distinct(of_day)
        carried_ms = dict(found.rollup.open_until_ms)
        rollup = found.rollup
        assert (found.rows, found.duplicates) == (len(kept), len(of_day) - len(kept))
        assert rollup.unattributed_changes == sum(
            each.signal is Signal.CHANGE and not each.user_id for each in kept
        )
        cube = {
            (rollup.user_ids[person], rollup.features[feature]): hits
            for feature, person, hits in zip(
                rollup.cube.row.tolist(),
                rollup.cube.person.tolist(),
                rollup.cube.hits.tolist(),
                strict=True,
            )
        }
        assert {user for user, of in days.items() if day in of} <= set(rollup.user_ids)
        for at, user_id in enumerate(rollup.user_ids):
            did = days[user_id][day]
            assert rollup.hits[at] == did.hits
            assert rollup.logins[at] == did.logins
            assert rollup.last_seen_ms[at] == did.last_seen_ms
            assert rollup.last_login_ms[at] == did.last_login_ms
            assert rollup.present[at] == did.attended
            assert rollup.sessions[at] == sessions[user_id].count[day]
            assert rollup.single_event_sessions[at] == sessions[user_id].single_event[day]
            assert rollup.session_ms[at] == sessions[user_id].milliseconds[day]
            assert {f: n for (u, f), n in cube.items() if u == user_id} == did.features


@given(st.data(), event_lists(st.integers(TEN, TEN + 40 * MINUTE_MS)))
def test_how_events_are_split_into_packs_and_their_order_make_no_difference(
    data: st.DataObject, events: list[Event]
) -> None:
    times = st.sampled_from([BOUNDS.start_ms, BOUNDS.end_ms - 1, BOUNDS.end_ms])
    received = [each._replace(received_at_ms=data.draw(times)) for each in events]
    packs = packs_of(received)
    again = data.draw(st.permutations(packs_of(data.draw(st.permutations(received)))))
    carried_ms = {"ann": BOUNDS.start_ms - 1}
    assert shown(folded(again, carried_ms=carried_ms)) == shown(
        folded(packs, carried_ms=carried_ms)
    )


@given(event_lists(st.integers(TEN, TEN + 1_000)), st.integers(TEN, TEN + 1_000))
def test_a_part_of_a_day_is_the_fold_of_the_events_before_its_end(
    events: list[Event], until_ms: int
) -> None:
    early = [each for each in events if each.occurred_at_ms < until_ms]
    part, whole = folded(packs_of(events), until_ms=until_ms), folded(packs_of(early))
    assert shown(part) | {"duplicates": 0} == shown(whole) | {"duplicates": 0}


@given(event_lists(st.integers(TEN, TEN + 3)))
def test_whole_events_are_de_duplicated_as_the_definitions_say(events: list[Event]) -> None:
    assert distinct_events(packs_of(events)) == distinct(events)
    assert count_rows(packs_of(events)) == len(events)


def test_one_login_three_clicks_a_duplicate_and_a_heartbeat_are_three_hits() -> None:
    clicks = [event(TEN + minute * MINUTE_MS) for minute in range(3)]
    day = folded(packs_of([login(TEN), *clicks, clicks[1], heartbeat(TEN + 5 * MINUTE_MS)]))
    assert day.rollup.hits.tolist() == [3]
    assert (day.rows, day.duplicates) == (5, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "bob"},
        {"feature": "Zoo"},
        {"property": "Views"},
        {"action": "zoom"},
        {"action": "heartbeat"},
        {"signal": Signal.CHANGE},
        {"signal": Signal.SYSTEM},
        {"actor_kind": ActorKind.API},
    ],
    ids=str,
)
def test_of_copies_that_differ_in_anything_counted_the_smallest_is_kept_in_any_order(
    change: dict[str, Any],
) -> None:
    one = event(TEN, name="e1")
    other = event(TEN, name="e1", **change)
    alone = shown(folded(packs_of(distinct([one, other])))) | {"duplicates": 1}
    apart = [*packs_of([one]), *packs_of([other])]
    for packs in (packs_of([one, other]), packs_of([other, one]), apart, apart[::-1]):
        assert shown(folded(packs)) == alone


def test_rows_that_arrived_after_their_day_are_late_unless_a_copy_was_in_time() -> None:
    in_time = event(TEN, "ann", received_at_ms=BOUNDS.end_ms - 1)
    late = event(TEN, "bob", received_at_ms=BOUNDS.end_ms)
    copy = in_time._replace(received_at_ms=BOUNDS.end_ms + 9)
    assert folded(packs_of([copy, late, in_time])).late == 1


def test_rows_are_counted_by_source_after_de_duplication() -> None:
    crm, web = event(TEN, source="crm"), event(TEN, source="web")
    assert folded(packs_of([crm, crm, web, event(TEN + 1, source="crm")])).rows_by_source == {
        "crm": 2,
        "web": 1,
    }


@given(st.data(), event_lists(st.integers(BOUNDS.start_ms, BOUNDS.end_ms - 1)))
def test_a_source_feeds_the_features_that_it_has_hits_of(
    data: st.DataObject, events: list[Event]
) -> None:
    sources = data.draw(st.sampled_from([["crm"], ["crm", "web"], ["crm", "web", "erp"]]))
    sent = [each._replace(source=sources[each.event_id[0] % len(sources)]) for each in events]
    fed: dict[str, set[str]] = {}
    for each in filter(is_hit, history(sent, "UTC").usage):
        fed.setdefault(each.source, set()).add(each.feature)
    found = folded(packs_of(sent)).rollup.fed
    assert found == {source: sorted(features) for source, features in fed.items()}


def test_a_day_without_packs_keeps_only_what_it_was_handed() -> None:
    day = folded([], carried_ms={"ann": BOUNDS.start_ms - 1})
    assert day.rollup.user_ids == ["ann"]
    assert day.rollup.session_ms.tolist() == [0]
    assert not day.rollup.present.any()
    assert day.rollup.open_until_ms == {}
