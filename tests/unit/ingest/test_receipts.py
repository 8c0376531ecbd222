"""Rows that say no time of their own: the time of their first delivery (definitions §2)."""

from collections.abc import Iterable

import pytest

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.storage.ports import Item
from tests.builders import DAY_MS, MINUTE_MS
from tests.faults.world import NOON_MS
from tests.unit.ingest.fake_formats import use_fakes
from tests.unit.ingest.senders import Sender, signed_sender
from tests.unit.ingest.service import Service


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    use_fakes(monkeypatch)


@pytest.fixture
def sender(service: Service) -> Sender:
    return signed_sender(service)


def timeless(key: str | None = "k1", **fields: object) -> dict[str, object]:
    return {"name": "Deals", "sender_key": key, "occurred_at_ms": None, **fields}


def distinct(service: Service) -> set[tuple[bytes, int]]:
    """What de-duplication tells events apart by."""
    return {(event.event_id, event.occurred_at_ms) for event in service.events()}


@pytest.mark.parametrize("key", ["k1", None])
def test_what_is_sent_again_within_thirty_days_is_the_same_event(
    service: Service, sender: Sender, key: str | None
) -> None:
    sender.hook([timeless(key)])
    service.clock.now_ms += 29 * DAY_MS
    sender.hook([timeless("another"), timeless(key)])
    [first] = {event for event in distinct(service) if event[1] == NOON_MS}
    assert len(service.events()) == 3
    assert len(distinct(service)) == 2
    assert first in distinct(service)


def test_after_thirty_days_it_is_another_event(service: Service, sender: Sender) -> None:
    sender.hook([timeless()])
    service.clock.now_ms += 30 * DAY_MS
    sender.hook([timeless()])
    assert len(distinct(service)) == 2


def test_the_same_content_is_one_event_within_a_delivery_too(
    service: Service, sender: Sender
) -> None:
    sender.hook([timeless(None), timeless(None), timeless(None, person="bob")])
    assert len(distinct(service)) == 2


def test_another_source_has_receipts_of_its_own(service: Service, sender: Sender) -> None:
    sender.hook([timeless()])
    service.clock.now_ms += MINUTE_MS
    signed_sender(service).hook([timeless()])
    assert len(distinct(service)) == 2


def test_a_delivery_that_was_never_answered_gives_its_time(
    service: Service, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The receipt is written before the pack, so a crash between the two changes nothing."""
    with monkeypatch.context() as broken:

        def only_receipts(items: Iterable[Item]) -> None:
            for item in items:
                if not item.key.partition.startswith("receipt#"):
                    raise StorageUnavailableError(item.key.partition)
                put_many([item])

        put_many = service.store.put_many
        broken.setattr(service.store, "put_many", only_receipts)
        assert sender.hook([timeless()]).status == 503
    service.clock.now_ms += MINUTE_MS
    assert sender.hook([timeless()]).status == 200
    assert {time_ms for _, time_ms in distinct(service)} == {NOON_MS}


def test_rows_with_a_time_need_no_receipt(service: Service, sender: Sender) -> None:
    sender.hook([timeless(occurred_at_ms=NOON_MS)])
    kinds = {item.key.partition.partition("#")[0] for item in service.store.everything()}
    assert "receipt" not in kinds
