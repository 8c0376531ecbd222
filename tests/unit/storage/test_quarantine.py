"""Rows that were turned away are listed whole or not at all, and go one by one."""

from random import Random

from shared.metrics.storage.ports import MAX_ITEM_BYTES
from shared.metrics.storage.quarantine import (
    MAX_DETAIL_LENGTH,
    Quarantine,
    QuarantinedRow,
    Turned,
    quarantine_items,
)
from tests.faults.memory_store import MemoryStore

NOW_MS = 1_795_305_600_000


def rows(number: int, size: int = 10) -> list[QuarantinedRow]:
    noise = Random(1)
    return [
        QuarantinedRow("src", NOW_MS, at, "invalid_row", "why", noise.randbytes(size))
        for at in range(number)
    ]


def quarantined(turned_away: list[QuarantinedRow]) -> tuple[MemoryStore, Quarantine]:
    store = MemoryStore(lambda: NOW_MS)
    items = quarantine_items("acme", turned_away, "request", NOW_MS)
    store.put_many([*items.parts, *items.docket])
    return store, Quarantine(store, "acme")


def test_rows_without_their_docket_are_not_listed() -> None:
    store = MemoryStore(lambda: NOW_MS)
    store.put_many(quarantine_items("acme", rows(3), "request", NOW_MS).parts)
    assert list(Quarantine(store, "acme").dockets()) == []


def test_large_rows_are_kept_in_parts() -> None:
    turned_away = rows(9, 100_000)
    _, quarantine = quarantined(turned_away)
    (stored,) = quarantine.dockets()
    assert stored.docket.parts > 1
    assert list(quarantine.all_rows()) == turned_away


def test_rows_go_one_by_one_and_the_last_one_takes_the_bytes_with_it() -> None:
    store, quarantine = quarantined(rows(3))
    (stored,) = quarantine.dockets()
    assert quarantine.settle(stored, {0}, {1: Turned("missing_user", "x" * 999)})
    assert not quarantine.settle(stored, {0}, {}), "it has been changed meanwhile"
    assert [(row.index, row.reason, len(row.detail)) for row in quarantine.all_rows()] == [
        (1, "missing_user", MAX_DETAIL_LENGTH),
        (2, "invalid_row", 3),
    ]
    (stored,) = quarantine.dockets()
    assert stored.docket.turned_away == 3
    assert quarantine.settle(stored, {1, 2}, {})
    assert quarantine.docket(stored.name) is None
    assert not any(item.key.partition.startswith("quarantine#") for item in store.everything())


def test_details_that_take_too_much_room_are_dropped_and_reasons_kept() -> None:
    store, quarantine = quarantined(rows(10_000, 4))
    (stored,) = quarantine.dockets()
    noise = Random(2)
    again = {at: Turned("too_long", noise.randbytes(100).hex()) for at in range(10_000)}
    assert quarantine.settle(stored, (), again)
    (docket,) = [item for item in store.everything() if item.key.partition == "dockets#acme"]
    assert len(docket.body) < MAX_ITEM_BYTES
    assert {(row.reason, row.detail) for row in quarantine.all_rows()} == {("too_long", "why")}
