"""Ingestion as named steps: route, authenticate, inflate, parse, place, store, answer."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from functions.ingest.admission import Admission
from functions.ingest.authentication import Authentic, Authenticator
from functions.ingest.delivery_queue import DeliveryQueue
from functions.ingest.formatted import parsed
from functions.ingest.known_sources import KnownSources
from functions.ingest.quotas import Quotas
from functions.ingest.requests import RefusedError, Request, Response, refusal
from functions.ingest.routing import route_of
from functions.ingest.rows import Rows
from functions.ingest.sources import native
from functions.ingest.storing import Storing
from functions.ingest.wire_formats import NATIVE_KINDS, wire_format
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.secret_box import NoSecretBox, SecretBox
from shared.metrics.storage.ports import Store
from shared.metrics.storage.quarantine import QuarantinedRow, quarantine_items
from shared.metrics.storage.receipts import first_received
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import TenantCache

if TYPE_CHECKING:
    from shared.metrics.domain.placing import Placer

MAX_LISTED_REJECTIONS: Final = 100
RETRY_AFTER_SECONDS: Final = "30"

Counted = Callable[[str, int], None]
"""Takes the name of a counter and what to add."""


class Ingest:
    """Takes requests; what a warm process may remember between them lives here."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int],
        count: Counted = lambda _name, _number: None,
        box: SecretBox | None = None,
        queue: DeliveryQueue | None = None,
    ) -> None:
        """Without a `queue` all deliveries are stored at once."""
        self._count = count
        self._store = store
        self._clock = clock
        self._tenants = TenantCache(store, clock)
        known = KnownSources(self._tenants.tenants.sources, box or NoSecretBox(), clock)
        self._authenticator = Authenticator(known, clock, count)
        self._placers: dict[str, tuple[Source, Placer]] = {}
        self._storing = Storing(store, clock, queue)
        self._quotas = Quotas(store, clock, count)

    def respond(self, request: Request) -> Response:
        """The answer to a request. 2xx only once everything is durable."""
        try:
            authentic = self._authenticator.authenticated(request, route_of(request))
            if isinstance(authentic, Response):
                return authentic
            return self._received(request, authentic)
        except RefusedError as refused:
            return refusal(refused)
        except StorageUnavailableError:
            message = "the events are not stored; send them again"
            document = {"error": {"code": "unavailable", "message": message}}
            return Response(503, document, {"retry-after": RETRY_AFTER_SECONDS})

    def _received(self, request: Request, authentic: Authentic) -> Response:
        """Parse and store what an authentic request brings, and answer it."""
        source = authentic.source
        received_ms = self._clock()
        tenant, calendar = self._tenants.settings(source.tenant)
        is_within_quota = self._quotas.admit(tenant, source)
        admission = Admission(source, tenant, calendar, received_ms)
        answer = None
        if source.kind in NATIVE_KINDS:
            rows = native.parse(authentic.body, request, admission)
        else:
            form = wire_format(source.kind)
            delivery = parsed(form, request, authentic.body, received_ms)
            receive = partial(first_received, self._store, source.tenant, received_ms=received_ms)
            # As the format itself, not before it is needed: what only posts our own starts sooner.
            from functions.ingest.mapped_rows import mapped_rows

            rows = mapped_rows(delivery, source, self._placer(source), admission, receive)
            answer = form.answer(request, rows)
        kept = quarantine_items(
            tenant.name,
            _quarantined(rows, source, received_ms),
            request.request_id,
            received_ms,
            path=request.path,
            content_type=request.headers.get("content-type", ""),
        )
        self._storing.store(
            rows.events,
            kept,
            tenant,
            calendar,
            request.request_id,
            is_over_quota=not is_within_quota,
        )
        self._quotas.spend(tenant, source, rows.received)
        features = Counter(event.feature for event in rows.events)
        uncatalogued = sum(
            number for feature, number in features.items() if tenant.is_uncatalogued(feature)
        )
        self._count("EventsAccepted", len(rows.events))
        self._count("EventsUncatalogued", uncatalogued)
        reasons = Counter(rejection.reason.value for rejection in rows.rejections)
        for reason, number in reasons.items():
            self._count(f"Quarantined_{reason}", number)
        return answer or Response(200, _summary(rows, reasons, uncatalogued))

    def _placer(self, source: Source) -> "Placer":
        """What finds the places of a source's rows, kept for as long as the source is the same."""
        from shared.metrics.domain.placing import Placer

        known, placer = self._placers.get(source.source_id, (None, None))
        if placer is None or known is not source:
            placer = Placer(source.kind, source.mapping)
            self._placers[source.source_id] = (source, placer)
        return placer


def _quarantined(rows: Rows, source: Source, received_ms: int) -> list[QuarantinedRow]:
    return [
        QuarantinedRow(
            source.source_id,
            received_ms,
            rejection.index,
            rejection.reason.value,
            rejection.detail,
            rejection.original,
        )
        for rejection in rows.rejections
    ]


def _summary(rows: Rows, reasons: Mapping[str, int], uncatalogued: int) -> dict[str, object]:
    return {
        "received": rows.received,
        "accepted": len(rows.events),
        "quarantined": len(rows.rejections),
        "uncatalogued": uncatalogued,
        "reasons": reasons,
        "rejected": [
            {
                "index": rejection.index,
                "reason": rejection.reason.value,
                "detail": rejection.detail,
            }
            for rejection in rows.rejections[:MAX_LISTED_REJECTIONS]
        ],
    }
