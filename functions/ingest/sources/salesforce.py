"""Salesforce: outbound messages (XML), event log files (CSV) and change events, at one URL."""

from typing import Final

from functions.ingest.media_types import media_type
from functions.ingest.requests import Request, Response
from functions.ingest.rows import Rows
from functions.ingest.sent_rows import Delivery
from functions.ingest.sources import salesforce_cdc, salesforce_event_log, salesforce_outbound
from functions.ingest.sources.wire_format import Secrets, SignedFormat

_BY_MEDIA_TYPE: Final[dict[str, SignedFormat]] = {
    "text/xml": salesforce_outbound,
    "application/xml": salesforce_outbound,
    "application/soap+xml": salesforce_outbound,
    "text/csv": salesforce_event_log,
}


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:
    """Whether the request is authentic as what its content type says that it is."""
    return _format(request).verify(request, body, secrets, now_ms)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:
    """The rows of the one or the other."""
    return _format(request).parse(request, body, now_ms)


def answer(request: Request, rows: Rows) -> Response | None:
    """What counts as success for the one or the other."""
    return _format(request).answer(request, rows)


def _format(request: Request) -> SignedFormat:
    return _BY_MEDIA_TYPE.get(media_type(request), salesforce_cdc)
