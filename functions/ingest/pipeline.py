"""Ingestion as named steps: route, authenticate, inflate, parse, store, answer."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from functions.ingest.admission import Admission
from functions.ingest.authentication import Sources
from functions.ingest.inflation import plain_body
from functions.ingest.requests import RefusedError, Request, Response, refusal
from functions.ingest.rows import Rows
from functions.ingest.sources import native
from functions.ingest.units import by_unit
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage.ports import Store
from shared.metrics.storage.quarantine import QuarantinedRow, quarantine_items
from shared.metrics.storage.tenants import Source, Tenant, TenantCache
from shared.metrics.storage.units import ConfirmedMarks, Units

EVENTS_PATH: Final = "/v1/events"
MAX_LISTED_REJECTIONS: Final = 100
RETRY_AFTER_SECONDS: Final = "30"

Counted = Callable[[str, int], None]
"""Takes the name of a counter and what to add."""


class Ingest:
    """Takes requests; what a warm process may remember between them lives here."""

    def __init__(
        self, store: Store, clock: Callable[[], int], count: Counted = lambda _name, _number: None
    ) -> None:
        self._count = count
        self._store = store
        self._clock = clock
        self._tenants = TenantCache(store, clock)
        self._sources = Sources(self._tenants.tenants, clock)
        self._confirmed = ConfirmedMarks()

    def respond(self, request: Request) -> Response:
        """The answer to a request. 2xx only once everything is durable."""
        try:
            _check_route(request)
            source = self._sources.authenticated(request)
            body = plain_body(request)
            received_ms = self._clock()
            tenant, calendar = self._tenants.settings(source.tenant)
            admission = Admission(source, tenant, calendar, received_ms)
            rows = native.parse(body, request, admission)
            self._make_durable(rows, source, tenant, calendar, request, received_ms)
        except RefusedError as refused:
            return refusal(refused)
        except StorageUnavailableError:
            message = "the events are not stored; send them again"
            document = {"error": {"code": "unavailable", "message": message}}
            return Response(503, document, {"retry-after": RETRY_AFTER_SECONDS})
        self._count("EventsAccepted", len(rows.events))
        reasons = Counter(rejection.reason.value for rejection in rows.rejections)
        for reason, number in reasons.items():
            self._count(f"Quarantined_{reason}", number)
        return Response(200, _summary(rows, reasons))

    def _make_durable(
        self,
        rows: Rows,
        source: Source,
        tenant: Tenant,
        calendar: LocalCalendar,
        request: Request,
        received_ms: int,
    ) -> None:
        turned_away = [
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
        kept = quarantine_items(
            tenant.name,
            turned_away,
            request.request_id,
            received_ms,
            path=request.path,
            content_type=request.headers.get("content-type", ""),
        )
        Units(self._store, tenant.name, tenant.generation).put(
            by_unit(rows.events, calendar),
            request_id=request.request_id,
            clock=self._clock,
            confirmed=self._confirmed,
            beside=kept.parts,
        )
        # After the rows that it names; it is what lists them.
        self._store.put_many(kept.docket)


def _check_route(request: Request) -> None:
    if request.path.rstrip("/") != EVENTS_PATH:
        raise RefusedError(404, "not_found", f"there is nothing here; post to {EVENTS_PATH}")
    if request.method != "POST":
        message = f"{EVENTS_PATH} takes POST"
        raise RefusedError(405, "method_not_allowed", message, allow="POST")


def _summary(rows: Rows, reasons: Mapping[str, int]) -> dict[str, object]:
    return {
        "received": rows.received,
        "accepted": len(rows.events),
        "quarantined": len(rows.rejections),
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
