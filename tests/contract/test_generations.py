"""Settings, refolds and the restatement log behave the same over every store."""

from datetime import date
from itertools import product

import pytest

from shared.metrics.domain.errors import BadInputError, ConflictError
from shared.metrics.domain.events import Event
from shared.metrics.domain.restatements import Cause, RestatedMeasure
from shared.metrics.storage.generations import Announced, Splits, announce, announced, withdraw
from shared.metrics.storage.ports import Store
from shared.metrics.storage.restatements import RestatedDay, Restatements
from shared.metrics.storage.tenants import SettingsChange, Tenant, TenantStore
from shared.metrics.storage.units import ConfirmedMarks, Units
from tests.builders import event, instant_ms
from tests.contract.conftest import Clock

TOKYO = SettingsChange(time_zone="Asia/Tokyo")
DAY = date(2026, 11, 22)
LONG = "acme #1 " + "ü" * 92


def test_of_changes_from_the_same_version_one_wins(store: Store, clock: Clock) -> None:
    tenants = TenantStore(store)
    tenants.create(Tenant(name="acme", time_zone="UTC"))
    _, version = tenants.stored("acme")
    won = tenants.change("acme", TOKYO, now_ms=clock(), expected_version=version)
    for asked in (SettingsChange(lateness_days=1), SettingsChange(time_zone="Europe/Berlin")):
        with pytest.raises(ConflictError):
            tenants.change("acme", asked, now_ms=clock(), expected_version=version)
    assert tenants.stored("acme") == won
    assert won.version > version


def test_refolds_are_known_until_they_are_over(store: Store) -> None:
    for tenant, generation in product(("acme", LONG), (2, 11)):
        announce(store, tenant, generation)
    withdraw(store, "acme", 11)
    assert set(announced(store)) == {Announced("acme", 2), Announced(LONG, 2), Announced(LONG, 11)}


def test_a_unit_waits_until_it_is_split(store: Store) -> None:
    splits = Splits(store, "acme", 2)
    splits.plan(["2026-11-21", "2026-11-22", "directory"])
    splits.finish("2026-11-22")
    splits.plan(["2026-11-22", "2026-11-23"])
    assert splits.waiting() == ["2026-11-21", "2026-11-23", "directory"]
    assert splits.done() == ["2026-11-22"]
    assert [splits.is_waiting(unit) for unit in ("directory", "2026-11-22", "2020-01-01")] == [
        True,
        False,
        False,
    ]
    assert Splits(store, "acme", 3).waiting() == []


def test_packs_go_into_every_generation_that_events_must_be_in(store: Store, clock: Clock) -> None:
    tenants = TenantStore(store)
    tenants.create(Tenant(name="acme", time_zone="UTC"))
    old, new = Units(store, "acme", 1), Units(store, "acme", 2)
    evening = event(instant_ms("2026-11-21 22:00"))
    put(old, clock, evening)
    assert new.marks() == []
    tenants.change("acme", TOKYO, now_ms=clock())
    old.announce_successor(2)
    put(old, clock, evening._replace(user_id="bob"))
    assert [mark.unit for mark in old.marks()] == ["2026-11-21"]
    assert [mark.unit for mark in new.marks()] == ["2026-11-22"]
    assert len(old.packs("2026-11-21")) == 2
    assert len(new.packs("2026-11-22")) == 1


def put(units: Units, clock: Clock, *events: Event) -> None:
    units.put({"2026-11-21": list(events)}, request_id="r", clock=clock, confirmed=ConfirmedMarks())


def entry(before: int, generation: int = 0) -> RestatedDay:
    measures = dict.fromkeys(RestatedMeasure, (before, before + 1))
    return RestatedDay(at_ms=1, cause=Cause.LATE, measures=measures, generation=generation)


def test_the_log_is_read_by_day_and_in_pages(store: Store) -> None:
    tenant = Tenant(name="acme", time_zone="UTC", generation=3, served_before=(1,))
    log = Restatements(store, tenant)
    for number, day in enumerate((20, 22, 22, 23, 25)):
        log.enter(DAY.replace(day=day), f"{number:013d}-a", entry(number))
    log.enter(DAY, "0000000000009-g2", entry(90, generation=2))  # which was given up
    log.enter(DAY, "0000000000009-g3", entry(9, generation=3))
    Restatements(store, Tenant(name="acme2", time_zone="UTC")).enter(DAY, "x", entry(99))

    found = log.between(DAY, date(2026, 11, 24))
    assert [(each.day.day, each.before) for each in found[::5]] == [
        (22, 1),
        (22, 2),
        (22, 9),
        (23, 3),
    ]
    assert [each.measure.value for each in found[:5]] == sorted(
        one.value for one in RestatedMeasure
    )
    read = []
    after = ""
    while page := log.between(DAY, date(2026, 11, 24), limit=3, after=after):
        read += page
        after = page[-1].cursor
    assert read == found
    for limit in (0, 1_001):
        with pytest.raises(BadInputError, match="1 to 1,000"):
            log.between(DAY, DAY, limit=limit)
