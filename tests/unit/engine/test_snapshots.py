"""Answers from memory are never stale, and numbers given for one answer never leak into another."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from functions.aggregate.tasks import sweep
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.engine import live
from shared.metrics.engine.engagement_requests import (
    LifecycleRequest,
    RetentionRequest,
    StickinessRequest,
)
from shared.metrics.engine.people import NewNameError, Numbered
from shared.metrics.engine.requests import (
    HomeRequest,
    PeopleFilter,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.engine.snapshots import Snapshots
from shared.metrics.storage.names import PEOPLE, NameDictionary
from shared.metrics.storage.sqlite import SqliteStore
from shared.metrics.storage.tenant_data import TenantData
from tests.builders import DAY_MS, HOUR_MS, deactivated, event, instant_ms, login, upserted
from tests.unit.engine.stack import TENANT, AnyRequest, Stack

WINDOW = Window(date(2026, 3, 9), date(2026, 3, 11))
NOT_SET = PeopleFilter(country=("(not set)",))
EVERY_VIEW: list[AnyRequest] = [
    HomeRequest(tenant=TENANT, window=WINDOW),
    HomeRequest(tenant=TENANT, window=WINDOW, people=NOT_SET),
    HomeRequest(tenant=TENANT),
    TrendsRequest(tenant=TENANT, window=WINDOW),
    TrendsRequest(tenant=TENANT, window=WINDOW, people=NOT_SET),
    UserAnalyticsRequest(tenant=TENANT, window=WINDOW),
    StickinessRequest(tenant=TENANT, window=WINDOW),
    LifecycleRequest(tenant=TENANT, window=WINDOW),
    RetentionRequest(tenant=TENANT, window=WINDOW),
]
CHANGES: dict[str, Event] = {
    "a hit on a day asked for": event("2026-03-10 11:00", "bob"),
    "a hit by someone known": event("2026-03-10 11:00"),
    "a session from the day before": login("2026-03-08 23:59"),
    "a hit in the earlier period": event("2026-03-07 11:00", "bob"),
    "a new feature": event("2026-03-10 11:00", feature="Deals"),
    "an attribute": upserted("2026-01-01 00:00", "ann", country="DE"),
    "a closed account": deactivated("2026-03-01 00:00", "idle"),
}


def unchanged(stack: Stack) -> None:
    """Leave what was sent as it is."""


def folded(stack: Stack) -> None:
    """Fold everything."""
    stack.fold()


@pytest.mark.parametrize("before", [unchanged, folded])
@pytest.mark.parametrize("after", [unchanged, folded])
@pytest.mark.parametrize("change", CHANGES)
def test_no_answer_is_older_than_the_last_event(
    utc: Stack, change: str, before: Callable[[Stack], None], after: Callable[[Stack], None]
) -> None:
    utc.send(
        event("2026-03-09 00:05"),
        event("2026-03-10 10:00"),
        upserted("2026-01-01 00:00", "idle"),
    )
    before(utc)
    utc.check(*EVERY_VIEW)
    utc.send(CHANGES[change])
    after(utc)
    utc.check(*EVERY_VIEW)


def test_what_has_not_changed_is_answered_from_memory(utc: Stack) -> None:
    utc.send(event("2026-03-10 10:00"))
    utc.fold()
    data, snapshots = utc.services.tenancy.open(TENANT), Snapshots()
    assert snapshots.read(data, WINDOW) is snapshots.read(data, WINDOW)
    utc.send(event("2026-03-10 10:01"))
    changed = snapshots.read(data, WINDOW)
    assert snapshots.read(data, WINDOW) is changed


def test_home_of_a_tenant_that_was_never_folded_folds_each_day_once(
    utc: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    utc.send(*(event(instant_ms("2026-03-20 10:00") - day * DAY_MS) for day in range(70)))
    request = HomeRequest(tenant=TENANT, include_today=True)
    utc.check(request)
    monkeypatch.setattr(live, "fold_day", None)
    utc.check(request)


def test_folding_changes_nothing_but_how_an_answer_is_come_by(utc: Stack) -> None:
    utc.send(event("2026-03-09 23:55"), event("2026-03-10 00:05"), event("2026-03-10 10:00", "bob"))
    before = [utc.ask(request) for request in EVERY_VIEW]
    utc.fold()
    assert [utc.ask(request) for request in EVERY_VIEW] == before
    assert [utc.restarted().ask(request) for request in EVERY_VIEW] == before


def test_late_events_change_the_day_they_occurred_on(utc: Stack) -> None:
    utc.send(event("2026-03-10 10:00"))
    utc.fold()
    utc.send(event("2026-03-10 09:00", "bob"), event("2026-03-11 09:00"))
    utc.fold(["2026-03-11"])
    utc.check(*EVERY_VIEW)
    assert utc.dirty() == ["2026-03-10"]


def test_people_folded_elsewhere_meanwhile_do_not_change_a_remembered_answer(utc: Stack) -> None:
    """They get numbers that the remembered span has given to others, or has no room for."""
    utc.send(event("2026-03-10 10:00", "dan"), event("2026-03-10 10:00", "zoe"))
    utc.check(TrendsRequest(tenant=TENANT, window=WINDOW))
    utc.send(event("2026-02-01 10:00", "zoe"))
    utc.fold(["2026-02-01"])
    utc.check(*EVERY_VIEW)


def test_a_folded_span_does_not_grow_with_the_dictionary(utc: Stack) -> None:
    utc.send(event("2026-03-10 10:00", "ann"), event("2026-03-10 10:00", "bob"))
    utc.fold()
    utc.check(*EVERY_VIEW)
    utc.send(event("2026-02-01 10:00", "cyd", feature="Cases"))
    utc.fold()
    utc.check(
        *EVERY_VIEW,
        HomeRequest(tenant=TENANT, window=WINDOW, people=PeopleFilter(language=("de",))),
    )


def test_numbers_hold_for_as_long_as_an_answer_does(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "names.db", clock=lambda: 0)
    dictionary = NameDictionary(store, TENANT, PEOPLE)
    dictionary.numbers(["ann", "bob"])
    people = Numbered(dictionary, 2, ["zoe", "dan", "bob"])
    dictionary.numbers(["zoe", "late"])
    assert people.names == ["ann", "bob", "dan", "zoe"]
    assert people.numbers(["zoe", "dan", "ann"]) == [3, 2, 0]
    with pytest.raises(NewNameError, match="late"):
        people.numbers(["late"])
    store.close()


def test_days_replaced_while_they_are_read_are_read_again(
    utc: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    utc.send(event("2026-03-10 10:00"))
    utc.fold()
    _interrupt(utc, monkeypatch, times=4)
    utc.check(HomeRequest(tenant=TENANT, window=WINDOW))


def test_days_that_never_stand_still_are_not_answered_for(
    utc: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    utc.send(event("2026-03-10 10:00"))
    utc.fold()
    _interrupt(utc, monkeypatch, times=5)
    with pytest.raises(StorageUnavailableError, match="ask again"):
        utc.views.ask(HomeRequest(tenant=TENANT, window=WINDOW))


def _interrupt(stack: Stack, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """After a span is read, but before its blocks are: replace a day and delete what it was."""
    snapshots = stack.views._snapshots
    read = snapshots.read
    interruptions = iter(range(times))

    def interrupted(data: TenantData, span: Window) -> Snapshot:
        snapshot = read(data, span)
        for minute in interruptions:
            stack.send(event(f"2026-03-10 11:{minute:02}"))
            stack.fold()
            stack.clock.now_ms += 2 * HOUR_MS
            sweep(stack.services)
            break
        return snapshot

    monkeypatch.setattr(snapshots, "read", interrupted)
