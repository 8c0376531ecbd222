"""Makes events of the original bytes of rows that were turned away before."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from functions.ingest.admission import Admission
from functions.ingest.formatted import parsed
from functions.ingest.mapped_rows import mapped_rows
from functions.ingest.requests import RefusedError, Request
from functions.ingest.rows import Reason, Rejection, Rows
from functions.ingest.sources import native
from functions.ingest.wire_formats import NATIVE_KINDS, wire_format
from shared.metrics.domain.events import Event
from shared.metrics.domain.placing import Placer
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.storage.ports import Store
from shared.metrics.storage.quarantine import Docket, QuarantinedRow
from shared.metrics.storage.receipts import first_received
from shared.metrics.storage.sources import Source
from shared.metrics.storage.tenants import Tenant, TenantCache

_TYPE_OF_A_ROW: Final = {SourceKind.CLOUDEVENTS: "application/cloudevents+json"}
"""What a row is alone, where its delivery was something else: a batch, or headers and a body."""

_ReadAlone = Callable[[bytes], Rows]


@dataclass(slots=True)
class Again:
    """What rows come to now: events, the places of rows that have passed, and what is still wrong
    with others. A row that is in neither stays as it is.
    """

    events: list[Event] = field(default_factory=list)
    passed: set[int] = field(default_factory=set)
    rejected: dict[int, Rejection] = field(default_factory=dict)


def rows_again(
    rows: Sequence[QuarantinedRow],
    docket: Docket,
    store: Store,
    tenants: TenantCache,
    tenant: Tenant,
    now_ms: int,
) -> Again:
    """What the rows of one delivery come to now.

    A row of which its sender could make nothing, or whose source is gone, stays as it is. What was
    in the future may be past by now; what is stored was received when it came.
    """
    again = Again()
    source = tenants.tenants.sources.get(docket.source)
    if source is None or source.tenant != tenant.name:
        return again
    _, calendar = tenants.settings(tenant.name)
    admission = Admission(source, tenant, calendar, now_ms)
    read = _reader(source, docket, admission, store)
    places: defaultdict[bytes, list[int]] = defaultdict(list)
    for row in rows:
        if row.reason != Reason.TURNED_AWAY_BY_SENDER.value:
            places[row.original].append(row.index)
    for original, indexes in places.items():
        _try(again, original, indexes, read)
    again.events = [event._replace(received_at_ms=docket.received_ms) for event in again.events]
    return again


def _reader(source: Source, docket: Docket, admission: Admission, store: Store) -> _ReadAlone:
    """What reads the bytes of one row, which may be several where it tells of several records."""
    if source.kind in NATIVE_KINDS:
        return lambda original: native.rows_of([original], admission)
    form = wire_format(source.kind)
    placer = Placer(source.kind, source.mapping)
    receive = partial(first_received, store, source.tenant, received_ms=docket.received_ms)
    content_type = _TYPE_OF_A_ROW.get(source.kind, docket.content_type)
    headers = {"content-type": content_type} if content_type else {}

    def read(original: bytes) -> Rows:
        request = Request("POST", docket.path, headers, original, "")
        try:
            delivery = parsed(form, request, original, docket.received_ms)
        except RefusedError as refused:
            return Rows(rejections=[Rejection(0, Reason.INVALID_ROW, str(refused), original)])
        return mapped_rows(delivery, source, placer, admission, receive)

    return read


def _try(again: Again, original: bytes, indexes: list[int], read: _ReadAlone) -> None:
    """Try the rows of a delivery whose bytes are the same.

    Rows that were told of at once, one bad and others good, pass together or not at all: those that
    were good have the same ids again.
    """
    rows = read(original)
    events = list(rows.events)
    # As often as the delivery had them: without a sender's id each repetition has its own.
    for _ in range(1, len(indexes) // max(1, rows.received)):
        events += read(original).events
    if rows.rejections:
        again.rejected |= dict.fromkeys(indexes, rows.rejections[0])
        return
    again.events += events
    again.passed |= set(indexes)
