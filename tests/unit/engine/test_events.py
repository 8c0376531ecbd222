"""Hits one by one from a snapshot: the same from blocks and from packs, folded or not."""

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.aggregate import tenant_day
from shared.metrics.domain.periods import Window
from shared.metrics.engine.question import Question
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.engine.snapshots import Snapshots
from shared.metrics.storage.manifests import LAYOUT
from tests.builders import event
from tests.oracles.history import is_hit
from tests.unit.engine.stack import TENANT, Stack, stack
from tests.unit.engine.strategies import World, worlds
from tests.unit.engine.test_views_against_oracle import fold_some, today

Hit = tuple[date, str, tuple[str, str, str, str], int]
DAY = date(2026, 3, 18)
TODAY = date(2026, 3, 20)


def snapshot_of(one: Stack, span: Window) -> Snapshot:
    data = one.services.tenancy.open(TENANT)
    return Question(data, one.clock.now_ms, Snapshots()).read(span).snapshot


def hits_of(snapshot: Snapshot, features: set[str] | None = None) -> Counter[Hit]:
    """Every hit of some features, or of all, by day, person, path and time."""
    selected = np.array([features is None or path[0] in features for path in snapshot.paths], bool)
    return Counter(
        (day, snapshot.people.names[hits.person[at]], snapshot.paths[path], int(hits.times_ms[at]))
        for day, of_day in snapshot.events(selected).items()
        for path, hits in of_day.items()
        for at in range(len(hits))
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), worlds())
def test_the_hits_are_those_that_were_sent_whatever_is_folded(
    tmp_path: Path, data: st.DataObject, world: World
) -> None:
    with stack(tmp_path, zone=world.place.zone, now=world.now_ms) as one:
        for delivery in world.deliveries:
            one.send(*delivery)
            if data.draw(st.booleans()):
                fold_some(data, one)
        last = min(today(world), world.place.day)
        span = Window(last.replace(day=1), last)
        told = one.history
        expected = Counter(
            (told.day_of(each.occurred_at_ms), each.user_id, _path(each), each.occurred_at_ms)
            for each in told.usage
            if is_hit(each) and told.day_of(each.occurred_at_ms) in span
        )
        assert hits_of(snapshot_of(one, span)) == expected
        one.fold()
        snapshot = snapshot_of(one, span)
        assert hits_of(snapshot) == expected
        leads = Counter({hit: n for hit, n in expected.items() if hit[2][0] == "Leads"})
        assert hits_of(snapshot, {"Leads"}) == leads
        assert hits_of(snapshot, set()) == Counter()


def _path(each: object) -> tuple[str, str, str, str]:
    names = ("feature", "property", "attribute", "action")
    feature, prop, attribute, action = (getattr(each, name) for name in names)
    return feature, prop, attribute, action


def test_records_are_named_for_compacted_open_and_unfolded_days(utc: Stack) -> None:
    utc.send(event("2026-03-18 10:00", record_id="r1"), event("2026-03-20 10:00", record_id="r2"))
    utc.fold()
    utc.send(event("2026-03-19 10:00", record_id="r3", account_id="a1"))
    snapshot = snapshot_of(utc, Window(DAY, TODAY))
    assert not snapshot.manifests[TODAY].is_compacted
    assert set(snapshot.names()) - {""} == {"r1", "r2", "r3", "a1"}


def test_a_day_of_another_layout_is_answered_from_its_packs(
    utc: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenant_day, "LAYOUT", LAYOUT + 1)
    utc.send(event("2026-03-18 10:00"))
    utc.fold()
    snapshot = snapshot_of(utc, Window(DAY, TODAY))
    assert set(snapshot.live) == {DAY}
    assert sum(hits_of(snapshot).values()) == 1
