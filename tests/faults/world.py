"""A tenant with one source, and the processes that work for it over one store."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import count

from functions.aggregate.queue import LocalQueue
from functions.aggregate.tasks import dispatch, work
from functions.aggregate.tenant_day import FoldOutcome
from functions.ingest.pipeline import Ingest
from functions.ingest.requests import Request, Response
from shared.metrics.domain.events import Event
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.local_secret_box import LocalSecretBox
from shared.metrics.secret_box import SecretBox
from shared.metrics.services import Services
from shared.metrics.settings import Settings
from shared.metrics.storage.ports import Store
from shared.metrics.storage.quarantine import Quarantine, QuarantinedRow
from shared.metrics.storage.sources import Source, key_digest
from shared.metrics.storage.tenant_data import TenantData
from shared.metrics.storage.tenants import Tenant, TenantStore
from shared.metrics.storage.units import all_marks
from tests.builders import DAY_MS, SOURCE, instant_ms, row_of
from tests.faults.memory_store import MemoryStore

TENANT = "acme"
SECRET = "open sesame"
TODAY = date(2026, 11, 22)
MIDNIGHT_MS = instant_ms("2026-11-22 00:00")
NOON_MS = MIDNIGHT_MS + DAY_MS // 2
ROUNDS_TO_SETTLE = 50
"""Rounds of dispatch after which nothing may be left to fold."""


class Clock:
    """A clock that tests move."""

    def __init__(self, now_ms: int = NOON_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms

    def off_by(self, milliseconds: int) -> Callable[[], int]:
        """The same time on a machine whose clock is wrong."""
        return lambda: self.now_ms + milliseconds


class World:
    """A tenant and its store. A *process* is an object with a memory of its own."""

    def __init__(
        self,
        store: Store | None = None,
        clock: Clock | None = None,
        time_zone: str = "UTC",
        pack_shards: int = 1,
    ) -> None:
        self.clock = clock or Clock()
        self.store = store or MemoryStore(self.clock)
        self.counted: Counter[str] = Counter()
        self.box: SecretBox = LocalSecretBox(SECRET)
        self._request_ids = count()
        self.add_tenant(TENANT, SOURCE, time_zone, pack_shards=pack_shards)

    def add_tenant(
        self,
        name: str,
        source_id: str,
        time_zone: str = "UTC",
        created_at_ms: int = 0,
        pack_shards: int = 1,
    ) -> None:
        """Make a tenant with one source."""
        tenants = TenantStore(self.store)
        tenants.create(
            Tenant(
                name=name,
                time_zone=time_zone,
                created_at_ms=created_at_ms,
                pack_shards=pack_shards,
            )
        )
        digest = key_digest(SECRET)
        source = Source(
            source_id=source_id,
            tenant=name,
            kind=SourceKind.NATIVE,
            key_digest=digest,
            created_at_ms=0,
        )
        tenants.sources.add(source)

    def ingest(self, store: Store | None = None, clock: Callable[[], int] | None = None) -> Ingest:
        """A process that takes events in."""
        return Ingest(store or self.store, clock or self.clock, self._count, self.box)

    def services(
        self, store: Store | None = None, clock: Callable[[], int] | None = None
    ) -> Services:
        """A process that folds or reads."""
        return Services(Settings(), store or self.store, clock or self.clock)

    def data(self, tenant: str = TENANT) -> TenantData:
        """The tenant's data, as a process sees it that has just begun."""
        return self.services().tenancy.open(tenant)

    def request(self, rows: Sequence[object], source_id: str = SOURCE) -> Request:
        """A delivery of rows; the request id is a new one each time."""
        headers = {"authorization": f"Bearer {source_id}.{SECRET}"}
        body = json.dumps({"events": rows}).encode()
        return Request("POST", "/v1/events", headers, body, f"request-{next(self._request_ids)}")

    def send(
        self, *events: Event, process: Ingest | None = None, source_id: str = SOURCE
    ) -> Response:
        """Send events in one delivery, which must be acknowledged."""
        request = self.request([row_of(event) for event in events], source_id)
        response = (process or self.ingest()).respond(request)
        assert response.status == 200, response
        return response

    def fold(self, process: Services | None = None) -> list[FoldOutcome]:
        """Dispatch and fold until nothing is dirty."""
        process = process or self.services()
        queue = LocalQueue()
        outcomes: list[FoldOutcome] = []
        for _ in range(ROUNDS_TO_SETTLE):
            if not dispatch(process, queue):
                return outcomes
            outcomes += [work(process, message) for message in queue.take(1_000)]
        raise AssertionError(f"still dirty: {all_marks(self.store)}")

    def quarantine(self, tenant: str = TENANT) -> list[QuarantinedRow]:
        """What was turned away."""
        return list(Quarantine(self.store, tenant).all_rows())

    def _count(self, name: str, number: int) -> None:
        self.counted[name] += number
