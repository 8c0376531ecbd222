"""The last step of ingestion: makes a delivery durable, at once or by the delivery queue."""

from collections.abc import Callable
from typing import Final

from functions.ingest.delivery_queue import (
    MAX_MESSAGE_BYTES,
    DeliveryQueue,
    QueuedDelivery,
    text_of,
)
from functions.ingest.units import by_unit
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.backlog import Backlog
from shared.metrics.storage.ports import Store
from shared.metrics.storage.quarantine import QuarantineItems
from shared.metrics.storage.tenants import Tenant
from shared.metrics.storage.units import ConfirmedMarks, Units

MAX_QUEUED_EVENTS: Final = 5
"""A delivery of more has a pack of its own, which costs as little an event as one of many would."""


class Storing:
    """Makes deliveries durable; what a warm process may remember between them lives here."""

    def __init__(self, store: Store, clock: Callable[[], int], queue: DeliveryQueue | None) -> None:
        """Without a `queue` everything is stored at once."""
        self._store = store
        self._clock = clock
        self._queue = queue
        self._confirmed = ConfirmedMarks()
        self._backlog = Backlog(store)

    def store(
        self,
        events: list[Event],
        kept: QuarantineItems,
        tenant: Tenant,
        calendar: LocalCalendar,
        request_id: str,
        *,
        is_over_quota: bool = False,
    ) -> None:
        """When this returns the delivery may be acknowledged; StorageUnavailableError otherwise."""
        text = self._message(events, tenant, request_id, is_over_quota=is_over_quota)
        if self._queue is not None and text:
            self._store.put_many(kept.parts)
            # Before the message: whoever stores it must not look for a mark that is still to come.
            self._backlog.mark(tenant.name, self._clock())
            self._queue.send(request_id, text)
        else:
            Units(self._store, tenant.name, tenant.generation, tenant.pack_shards).put(
                by_unit(events, calendar),
                request_id=request_id,
                clock=self._clock,
                confirmed=self._confirmed,
                beside=kept.parts,
            )
        # After the rows that it names; it is what lists them.
        self._store.put_many(kept.docket)

    def _message(
        self, events: list[Event], tenant: Tenant, request_id: str, *, is_over_quota: bool
    ) -> str:
        """The message of a delivery that is to wait; `""` of one that is not."""
        may_wait = events and (len(events) <= MAX_QUEUED_EVENTS or is_over_quota)
        if self._queue is None or not may_wait:
            return ""
        text = text_of(QueuedDelivery(tenant.name, request_id, events))
        return text if len(text) <= MAX_MESSAGE_BYTES else ""
