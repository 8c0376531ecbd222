"""Shows what a payload would become, as its source's format and a mapping read it. Nothing is
verified, and nothing stored; the graphql function asks for it too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from functions.ingest.admission import Admission
from functions.ingest.formatted import parsed
from functions.ingest.mapped_rows import mapped_rows
from functions.ingest.requests import JSON, RefusedError, Request
from functions.ingest.rows import Rejection, Rows
from functions.ingest.sources import native
from functions.ingest.wire_formats import NATIVE_KINDS, wire_format
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.event_mapping import EventMapping
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.domain.placing import Placer
from shared.metrics.domain.source_kinds import KINDS, WEBHOOK_PATH
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import Tenant

MAX_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """A payload as its sender would post it. `path` is needed only where a kind has several."""

    body: bytes
    content_type: str = JSON
    path: str = ""
    query: str = ""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreviewedRow:
    """What one row would become: an event, or a rejection."""

    index: int
    event: Event | None = None
    rejection: Rejection | None = None


def preview(
    source: Source,
    mapping: EventMapping | None,
    tenant: Tenant,
    sample: Sample,
    now_ms: int,
) -> list[PreviewedRow]:
    """The rows of a sample, in their order, with that mapping in place of the source's.

    BadInputError if it cannot be told apart into rows, or has more than MAX_ROWS.
    """
    admission = Admission(source, tenant, LocalCalendar(tenant.time_zone), now_ms)
    try:
        rows = _rows(source, mapping, _request(source, sample), admission)
    except RefusedError as refused:
        raise BadInputError(f"the sample would be refused: {refused}", field="sample") from None
    if rows.received > MAX_ROWS:
        message = f"the sample has {rows.received} rows; it may have {MAX_ROWS}"
        raise BadInputError(message, field="sample")
    return _in_order(rows)


def _rows(
    source: Source, mapping: EventMapping | None, request: Request, admission: Admission
) -> Rows:
    if source.kind in NATIVE_KINDS:
        return native.parse(request.body, request, admission)
    now_ms = admission.received_ms

    def received_now(event_ids: Iterable[bytes]) -> dict[bytes, int]:
        return dict.fromkeys(event_ids, now_ms)

    delivery = parsed(wire_format(source.kind), request, request.body, now_ms)
    return mapped_rows(delivery, source, Placer(source.kind, mapping), admission, received_now)


def _request(source: Source, sample: Sample) -> Request:
    paths = KINDS[source.kind].paths
    usual = paths[0] if paths else f"{WEBHOOK_PATH}{source.source_id}"
    headers = {name.lower(): value for name, value in sample.headers.items()}
    return Request(
        sample.method,
        sample.path or usual,
        {**headers, "content-type": sample.content_type},
        sample.body,
        "preview",
        sample.query,
    )


def _in_order(rows: Rows) -> list[PreviewedRow]:
    rejections = {rejection.index: rejection for rejection in rows.rejections}
    events = iter(rows.events)
    return [
        PreviewedRow(at, rejection=rejections[at])
        if at in rejections
        else PreviewedRow(at, event=next(events))
        for at in range(rows.received)
    ]
