"""Receipts on both stores."""

from shared.metrics.storage.ports import Store
from shared.metrics.storage.receipts import KEPT_SECONDS, first_received
from tests.contract.conftest import Clock

FIRST, SECOND = b"a" * 16, b"b" * 16


def test_the_first_time_stands_for_thirty_days(store: Store, clock: Clock) -> None:
    began_ms = clock.now_ms
    assert first_received(store, "acme", [FIRST], began_ms) == {FIRST: began_ms}
    clock.now_ms += KEPT_SECONDS * 1000 - 1000
    now_ms = clock.now_ms
    found = first_received(store, "acme", [FIRST, SECOND, FIRST], now_ms)
    assert found == {FIRST: began_ms, SECOND: now_ms}


def test_after_thirty_days_there_is_no_receipt_although_it_may_not_be_deleted_yet(
    store: Store, clock: Clock
) -> None:
    """Case 39."""
    first_received(store, "acme", [FIRST], clock.now_ms)
    clock.now_ms += KEPT_SECONDS * 1000
    assert first_received(store, "acme", [FIRST], clock.now_ms) == {FIRST: clock.now_ms}


def test_tenants_have_receipts_of_their_own(store: Store, clock: Clock) -> None:
    first_received(store, "acme", [FIRST], clock.now_ms)
    later_ms = clock.now_ms + 1
    assert first_received(store, "beta", [FIRST], later_ms) == {FIRST: later_ms}
