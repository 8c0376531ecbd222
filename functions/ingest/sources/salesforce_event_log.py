"""Salesforce's event log files (EventLogFile): CSV of what people did, an event type a file.

They are fetched from Salesforce and imported. Hourly and daily files overlap: a row is known by its
event type, request, time and all that it says, whichever file it comes in. Columns come and go with
every release, so they are found by name.
"""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

from functions.ingest import times
from functions.ingest.contexts import context_of
from functions.ingest.credentials import carries_secret
from functions.ingest.deliveries import delivery_of
from functions.ingest.requests import RefusedError, Request, Response
from functions.ingest.rows import Reason, RowError, Rows
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.sources.salesforce_ids import long_id
from functions.ingest.sources.wire_format import Secrets
from shared.metrics.domain.events import LOGIN, LOGOUT, ActorKind, Signal

_TYPE: Final = "EVENT_TYPE"
_TIME: Final = "TIMESTAMP_DERIVED"
_BY_HAND: Final = frozenset(
    {
        "ContentDistribution",
        "ContentTransfer",
        "Dashboard",
        "DocumentAttachmentDownloads",
        "KnowledgeArticleView",
        "LightningInteraction",
        "LightningPageView",
        "Login",
        "Logout",
        "Report",
        "ReportExport",
        "Search",
        "SearchClick",
        "URI",
        "VisualforceRequest",
        "WaveInteraction",
    }
)
"""Event types that tell what a person did. Those that are not here either tell what happened on the
way, such as a query or an error, or are new: they are kept as what the system did.
"""

_BY_PROGRAM: Final = frozenset({"API", "ApexRestApi", "ApexSoap", "BulkApi", "BulkApi2", "RestApi"})
_NOT_PEOPLE: Final = {"AutomatedProcess": ActorKind.API, "Guest": ActorKind.UNKNOWN}
"""Types of users that no single person stands behind."""

_RECORDS: Final = ("RECORD_ID", "PAGE_ENTITY_ID", "REPORT_ID", "DASHBOARD_ID", "URI_ID_DERIVED")
"""Where the record stands that it was done to, in the types that have one."""

_TOLD_ELSEWHERE: Final = frozenset(
    {_TYPE, _TIME, "TIMESTAMP", "ORGANIZATION_ID", "USER_ID", "USER_ID_DERIVED"}
)
_SUCCESSFUL: Final = "LOGIN_NO_ERROR"
MAX_RECORD: Final = 400_000
"""Bytes."""

_MAX_CELL: Final = 100_000
"""Characters; below what the csv module takes by itself, which is a setting of the process."""

_MAX_HEADER: Final = 16_384
"""Bytes; event log files have about fifty columns."""


def verify(request: Request, body: bytes, secrets: Secrets, now_ms: int) -> bool:  # noqa: ARG001
    """Whether the request carries a secret."""
    return carries_secret(request, secrets.values, secrets.settings)


def parse(request: Request, body: bytes, now_ms: int) -> Delivery:  # noqa: ARG001
    """The rows of a file, or of a part of one with its first line, which names the columns.
    RefusedError 400 if it does not.
    """
    records = records_in(body.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True))
    header = next(records, b"")
    if not is_header(header):
        problem = f"the first line names no columns {_TYPE} and {_TIME}, as event log files do"
        raise RefusedError(400, "bad_csv", problem)
    return delivery_of((header + record for record in records), _read)


def answer(request: Request, rows: Rows) -> Response | None:  # noqa: ARG001
    """The usual one; Salesforce does not send files by itself."""
    return None


def is_header(line: bytes) -> bool:
    """Whether a line names the columns that every event log file has."""
    names = line[:_MAX_HEADER].decode("utf-8", "replace")
    return _TYPE in names and _TIME in names and len(line) <= _MAX_HEADER


def records_in(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of each record: quotes are doubled in a quoted cell, so where their number is even
    no line break belongs to one. A record ends with the line that makes it too long, so that a
    quote that is never closed costs no more.
    """
    record: list[bytes] = []
    quotes = size = 0
    for line in lines:
        record.append(line)
        quotes += line.count(b'"')
        size += len(line)
        if quotes % 2 == 0 or size > MAX_RECORD:
            whole = b"".join(record)
            record, quotes, size = [], 0, 0
            if whole.strip():
                yield whole
    if record:
        yield b"".join(record)


def _read(original: bytes) -> Iterator[SentRow]:
    columns = _columns(original)
    event_type = columns.get(_TYPE, "")
    user_id = long_id(columns.get("USER_ID_DERIVED") or columns.get("USER_ID", ""))
    actor_kind = _actor_kind(event_type, user_id, columns)
    is_known = event_type in _BY_HAND or event_type in _BY_PROGRAM
    session = _session_action(columns)
    is_failed = event_type == "Login" and not session
    yield SentRow(
        original,
        name=session or event_type,
        sender_key=_key(columns),
        occurred_at_ms=times.from_iso_8601(columns.get(_TIME, ""), _TIME),
        person=SentPerson(user_id),
        signal=Signal.ACTION if is_known and not is_failed else Signal.SYSTEM,
        actor_kind=actor_kind,
        record_id=long_id(next((columns[name] for name in _RECORDS if columns.get(name)), "")),
        fields=columns,
        context=context_of(columns, _TOLD_ELSEWHERE),
        tenant_named=long_id(columns.get("ORGANIZATION_ID", "")),
    )


def _columns(original: bytes) -> dict[str, str]:
    """The cells that are not empty by the name of their column."""
    try:
        header, *rows = csv.reader(StringIO(original.decode(), newline=""), strict=True)
    except (ValueError, csv.Error) as error:
        raise RowError(Reason.INVALID_ROW, f"the row is not CSV in UTF-8: {error}") from None
    if len(rows) != 1 or len(rows[0]) != len(header):
        cells = len(rows[0]) if rows else 0
        detail = f"the row has {cells} cells instead of {len(header)}"
        raise RowError(Reason.INVALID_ROW, detail)
    if max(map(len, rows[0])) > _MAX_CELL:
        raise RowError(Reason.TOO_LONG, f"a cell has over {_MAX_CELL:,} characters")
    columns = {name: cell for name, cell in zip(header, rows[0], strict=True) if cell}
    if _TYPE not in columns:
        raise RowError(Reason.INVALID_ROW, f"{_TYPE} is empty")
    return columns


def _key(columns: dict[str, str]) -> str:
    """The same for a row of the hourly and of the daily file, in whatever order their columns are:
    the type, the request and the time are among all that it says.
    """
    return sender_key(*(part for pair in sorted(columns.items()) for part in pair))


def _session_action(columns: dict[str, str]) -> str:
    """The login or logout that a row tells of; `""` for anything else, and for a login that
    failed.
    """
    if columns[_TYPE] == "Login":
        return LOGIN if columns.get("LOGIN_STATUS", _SUCCESSFUL) == _SUCCESSFUL else ""
    return LOGOUT if columns[_TYPE] == "Logout" else ""


def _actor_kind(event_type: str, user_id: str, columns: dict[str, str]) -> ActorKind:
    if event_type in _BY_PROGRAM:
        return ActorKind.API
    if not user_id or event_type not in _BY_HAND:
        return ActorKind.UNKNOWN
    return _NOT_PEOPLE.get(columns.get("USER_TYPE", ""), ActorKind.USER)
