"""A day's roll-up: what counts as what."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain import rollups
from shared.metrics.domain.activity_rows import ActivityRows
from shared.metrics.domain.events import ActorKind, Event, Signal
from shared.metrics.domain.rollups import DayRollup, roll_up
from tests.builders import DAY_MS, event, heartbeat, instant_ms, login, logout
from tests.oracles.sessions import FIFTEEN_MINUTES_MS
from tests.unit.domain.strategies import event_lists

MIDNIGHT = instant_ms("2026-03-09 00:00")
TEN = instant_ms("2026-03-09 10:00")


def rolled_up(*events: Event, carried_ms: dict[str, int] | None = None) -> DayRollup:
    users = sorted({each.user_id for each in events})
    paths = sorted({(e.feature, e.property, e.attribute, e.action) for e in events})
    sources = sorted({each.source for each in events})
    rows = ActivityRows(
        users=users,
        paths=paths,
        sources=sources,
        user=np.array([users.index(each.user_id) for each in events], np.uint32),
        path=np.array(
            [paths.index((e.feature, e.property, e.attribute, e.action)) for e in events],
            np.uint32,
        ),
        source=np.array([sources.index(each.source) for each in events], np.uint32),
        times_ms=np.array([each.occurred_at_ms for each in events], np.int64),
        origin=np.array(
            [each.signal * len(ActorKind) + each.actor_kind for each in events], np.uint8
        ),
    )
    return roll_up(
        rows,
        carried_ms=carried_ms or {},
        day_end_ms=MIDNIGHT + DAY_MS,
        timeout_ms=FIFTEEN_MINUTES_MS,
    )


def cells(rollup: DayRollup) -> dict[tuple[str, str], int]:
    cube = rollup.cube
    return {
        (rollup.features[feature], rollup.user_ids[person]): hits
        for feature, person, hits in zip(
            cube.row.tolist(), cube.person.tolist(), cube.hits.tolist(), strict=True
        )
    }


def test_logins_logouts_and_heartbeats_are_no_hits() -> None:
    day = rolled_up(login(TEN), event(TEN + 1), heartbeat(TEN + 2), logout(TEN + 3))
    assert day.hits.tolist() == [1]
    assert day.logins.tolist() == [1]


@pytest.mark.parametrize("kind", [ActorKind.API, ActorKind.IMPORT, ActorKind.UNKNOWN])
def test_only_what_people_do_counts_for_people(kind: ActorKind) -> None:
    day = rolled_up(event(TEN, actor_kind=kind), login(TEN, actor_kind=kind))
    assert day.user_ids == []
    assert day.features == []


def test_actions_and_changes_are_hits_but_what_a_system_does_is_not() -> None:
    day = rolled_up(
        event(TEN, "ann"),
        event(TEN, "bob", feature="Deals", signal=Signal.CHANGE),
        event(TEN, "cyd", signal=Signal.SYSTEM),
    )
    assert day.user_ids == ["ann", "bob"]
    assert day.hits.tolist() == [1, 1]


def test_heartbeats_and_logouts_alone_are_no_attendance() -> None:
    day = rolled_up(heartbeat(TEN, "ann"), logout(TEN, "bob"), login(TEN, "cyd"), event(TEN, "dan"))
    present = [user for user, is_here in zip(day.user_ids, day.present, strict=True) if is_here]
    assert present == ["cyd", "dan"]


def test_last_seen_is_of_a_login_or_hit_and_not_of_a_later_heartbeat() -> None:
    day = rolled_up(login(TEN), event(TEN + 5), heartbeat(TEN + 9), logout(TEN + 10))
    assert day.last_seen_ms.tolist() == [TEN + 5]
    assert day.last_login_ms.tolist() == [TEN]


def test_a_day_reached_only_by_a_session_from_the_day_before_is_not_attended() -> None:
    carried = {"ann": MIDNIGHT - 60_000}
    day = rolled_up(heartbeat(MIDNIGHT + 60_000), carried_ms=carried)
    assert not day.present.any()
    assert day.session_ms.tolist() == [120_000]
    assert day.sessions.tolist() == [0]


def test_changes_without_an_actor_are_counted_apart() -> None:
    day = rolled_up(event(TEN, "", signal=Signal.CHANGE), event(TEN, "ann", signal=Signal.CHANGE))
    assert day.unattributed_changes == 1
    assert day.hits.sum() == 1


def test_properties_and_actions_of_a_feature_are_one_feature() -> None:
    day = rolled_up(
        event(TEN, property="Views"),
        event(TEN, property="Calls", action="open"),
        event(TEN, feature="Deals"),
    )
    assert cells(day) == {("Leads", "ann"): 2, ("Deals", "ann"): 1}


@given(event_lists(st.integers(MIDNIGHT, MIDNIGHT + DAY_MS - 1)))
def test_hits_come_out_the_same_whether_counted_in_a_table_or_by_sorting(
    events: list[Event],
) -> None:
    dense = rolled_up(*events)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rollups, "_DENSE_CELLS", 0)
        by_sorting = rolled_up(*events)
    assert cells(dense) == cells(by_sorting)


def test_a_day_without_rows_is_a_day_of_nobody() -> None:
    day = rolled_up()
    assert day.user_ids == []
    assert day.unattributed_changes == 0
