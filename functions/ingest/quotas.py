"""Holds tenants and sources to their quotas, so that a noisy one does not hurt the others.

A process takes events from the shared bucket of a tenant or source in advance, and lets deliveries
through while it has any left; what a delivery has more than that is a debt. So nothing is refused
that the quota allows, but for what idle processes have taken in advance, which the bucket's size
makes up for; and a process lets through at most one delivery more than the quota. It fails open:
if the bucket cannot be written, deliveries pass, and are counted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from functions.ingest.requests import RefusedError
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.source_kinds import KINDS, Authentication, SourceKind
from shared.metrics.storage.ports import Store
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import Tenant
from shared.metrics.storage.token_buckets import Bucket, take

UNCHECKED: Final = "QuotaUnchecked"
OVER_QUOTA: Final = "OverQuota"
_MAX_KNOWN: Final = 10_000


@dataclass(slots=True)
class _Allowance:
    """What this process may still let through, and until when it need not ask again."""

    events: int = 0
    empty_until_ms: int = 0


class Quotas:
    """The quotas as one process knows them."""

    def __init__(
        self, store: Store, clock: Callable[[], int], count: Callable[[str, int], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._count = count
        self._known: dict[Bucket, _Allowance] = {}

    def admit(self, tenant: Tenant, source: Source) -> bool:
        """Whether a delivery is within the quotas; RefusedError 429 if it is not and its sender
        sends it again. A webhook is never refused: its sender might not.
        """
        waits = [self._seconds_to_wait(bucket, quota) for bucket, quota in _quotas(tenant, source)]
        wait = max(waits, default=0)
        if not wait:
            return True
        self._count(OVER_QUOTA, 1)
        if is_webhook(source.kind):
            return False
        message = f"the quota of events is used up; send this again in {wait} seconds"
        raise RefusedError(429, "over_quota", message, retry_after=str(wait))

    def spend(self, tenant: Tenant, source: Source, events: int) -> None:
        """Take the events of an admitted delivery from what there is left."""
        for bucket, _ in _quotas(tenant, source):
            self._allowance(bucket).events -= events

    def _seconds_to_wait(self, bucket: Bucket, events_per_minute: int) -> int:
        allowance = self._allowance(bucket)
        now_ms = self._clock()
        if allowance.events > 0:
            return 0
        if now_ms < allowance.empty_until_ms:
            return -(-(allowance.empty_until_ms - now_ms) // 1000)
        debt = -allowance.events
        try:
            taken = take(self._store, bucket, events_per_minute, debt, self._clock)
        except StorageUnavailableError:
            self._count(UNCHECKED, 1)
            return 0
        if taken.is_unchecked:
            self._count(UNCHECKED, 1)
        allowance.events += taken.events
        allowance.empty_until_ms = now_ms + taken.retry_seconds * 1000
        return taken.retry_seconds

    def _allowance(self, bucket: Bucket) -> _Allowance:
        if len(self._known) > _MAX_KNOWN:
            self._known.clear()  # which forgets debts: again in favour of the sender
        return self._known.setdefault(bucket, _Allowance())


def is_webhook(kind: SourceKind) -> bool:
    """Whether a kind of source pushes what may be lost if it is refused. SDKs and our own format
    send again what is answered with 429.
    """
    return KINDS[kind].authentication is not Authentication.WRITE_KEY


def _quotas(tenant: Tenant, source: Source) -> Iterator[tuple[Bucket, int]]:
    if source.kind is SourceKind.FILE:
        return  # whoever imports a file is no sender that could wait
    if tenant.events_per_minute:
        yield Bucket(tenant.name, ""), tenant.events_per_minute
    of_source = tenant.source_quotas.get(source.source_id)
    if of_source:
        yield Bucket(tenant.name, source.source_id), of_source
