"""Stores deliveries that waited in the queue, packed together.

Whatever the queue hands out may come again, alone or among others: events have their ids, so a
second pack adds nothing but duplicates. Of a batch only what could not be stored comes again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b
from typing import Final, NamedTuple

from functions.ingest.delivery_queue import QueuedDelivery, delivery_of
from functions.ingest.units import by_unit
from shared.metrics.domain.errors import MetricsError, StorageUnavailableError
from shared.metrics.storage.backlog import MILLISECONDS_A_MINUTE, Backlog
from shared.metrics.storage.ports import Store
from shared.metrics.storage.tenants import TenantCache
from shared.metrics.storage.units import ConfirmedMarks, Units

SETTLED_AFTER_MS: Final = 5 * MILLISECONDS_A_MINUTE
"""The queue hands out roughly in order: what was sent so long before a message that comes now has
come already, or its worker has died, and it comes again, which takes three minutes."""

Report = Callable[[str, Exception], None]
"""Takes the id of a message that could not be stored, and why."""


class Message(NamedTuple):
    """What the queue hands out: when it was sent, and how often it has been handed out."""

    message_id: str
    text: str
    sent_ms: int
    receives: int


class _Decoded(NamedTuple):
    message: Message
    delivery: QueuedDelivery

    @property
    def received_ms(self) -> int:
        return self.delivery.events[0].received_at_ms

    @property
    def may_be_held(self) -> bool:
        """Whether it was handed out before. What was put aside and is let in again is a new
        message, but an old delivery.
        """
        age_ms = self.message.sent_ms - self.received_ms
        return self.message.receives > 1 or age_ms > MILLISECONDS_A_MINUTE


class Packing:
    """Stores batches; what a warm process may remember between them lives here."""

    def __init__(self, store: Store, clock: Callable[[], int], report: Report) -> None:
        self._store = store
        self._clock = clock
        self._report = report
        self._tenants = TenantCache(store, clock)
        self._confirmed = ConfirmedMarks()
        self._backlog = Backlog(store)
        self._settled_ms = 0

    def store(self, messages: Iterable[Message]) -> list[str]:
        """Store a batch; the ids of the messages that must be handed out again."""
        failed: list[str] = []
        by_tenant: defaultdict[str, list[_Decoded]] = defaultdict(list)
        oldest_ms = self._clock()
        for message in messages:
            oldest_ms = min(oldest_ms, message.sent_ms)
            try:
                delivery = delivery_of(message.text)
            except MetricsError as error:
                self._report(message.message_id, error)
                failed.append(message.message_id)
                continue
            by_tenant[delivery.tenant].append(_Decoded(message, delivery))
        for tenant, group in by_tenant.items():
            failed += self._store_tenant(tenant, group)
        self._settle(oldest_ms - SETTLED_AFTER_MS)
        return failed

    def _store_tenant(self, tenant: str, group: list[_Decoded]) -> list[str]:
        try:
            self._put(tenant, group)
        except StorageUnavailableError as error:
            return self._failed(tenant, group, error)
        except Exception as error:  # noqa: BLE001 - one of them may be poison
            if len(group) == 1:
                return self._failed(tenant, group, error)
            return [
                message_id for each in group for message_id in self._store_tenant(tenant, [each])
            ]
        for each in group:
            if each.may_be_held:
                self._backlog.release(tenant, each.received_ms, each.delivery.request_id)
        return []

    def _failed(self, tenant: str, group: list[_Decoded], error: Exception) -> list[str]:
        self._settled_ms = self._clock() + SETTLED_AFTER_MS
        for each in group:
            self._report(each.message.message_id, error)
            with suppress(StorageUnavailableError):  # then nobody can settle anything either
                request_id = each.delivery.request_id
                self._backlog.hold(tenant, each.received_ms, request_id, self._clock())
        return [each.message.message_id for each in group]

    def _put(self, tenant_name: str, group: list[_Decoded]) -> None:
        """Put the deliveries of a tenant: a pack for each source, minute and unit."""
        tenant, calendar = self._tenants.settings(tenant_name)
        units = Units(self._store, tenant.name, tenant.generation, tenant.pack_shards)
        for messages in _packed_together(group):
            events = [event for each in messages for event in each.delivery.events]
            received_ms = min(event.received_at_ms for event in events)
            together = [event._replace(received_at_ms=received_ms) for event in events]
            units.put(
                by_unit(together, calendar),
                request_id=_request_id(messages),
                clock=self._clock,
                confirmed=self._confirmed,
            )

    def _settle(self, before_ms: int) -> None:
        """Take back marks of the backlog, once a minute."""
        now_ms = self._clock()
        if now_ms - self._settled_ms < MILLISECONDS_A_MINUTE:
            return
        self._backlog.settle(before_ms)
        self._settled_ms = now_ms


def _packed_together(group: list[_Decoded]) -> Iterable[list[_Decoded]]:
    """Deliveries of one source that were received in the same minute; a pack has one time of
    receipt, the earliest.
    """
    found: defaultdict[tuple[str, int], list[_Decoded]] = defaultdict(list)
    for each in group:
        source = each.delivery.events[0].source
        found[source, each.received_ms // MILLISECONDS_A_MINUTE].append(each)
    return found.values()


def _request_id(messages: list[_Decoded]) -> str:
    """The same for the same messages, so that a batch that comes again whole is the same pack."""
    ids = sorted(each.message.message_id for each in messages)
    return f"packed-{blake2b(' '.join(ids).encode(), digest_size=12).hexdigest()}"
