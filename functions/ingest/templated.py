"""Webhooks whose body an administrator writes: a template in the CRM's settings, in which it puts
the values of the record that set it off.

The names of `TemplatedRow` have a meaning; every other one is a field of the record.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from functions.ingest import json_bodies, times
from functions.ingest.credentials import without_secrets
from functions.ingest.deliveries import delivery_of
from functions.ingest.flattening import flattened, text_of
from functions.ingest.form_bodies import FORM, form_of
from functions.ingest.media_types import media_type
from functions.ingest.requests import Request
from functions.ingest.rows import Reason, RowError
from functions.ingest.sender_keys import sender_key
from functions.ingest.sent_rows import Delivery, SentPerson, SentRow
from functions.ingest.xml_documents import Element, root_of
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value

_OPS: Final = {
    "create": Op.CREATE,
    "insert": Op.CREATE,
    "update": Op.UPDATE,
    "edit": Op.UPDATE,
    "delete": Op.DELETE,
}
_XML: Final = frozenset({"application/xml", "text/xml"})
_RAW: Final = "text/plain"
"""What a body of JSON is called that was entered as text."""

_JSON_BEGINS: Final = (b"{", b"[")
_UNFILLED: Final = ("${", "{{")
"""How a placeholder begins that the CRM put nothing in."""


class TemplatedRow(msgspec.Struct):
    """What a template may say besides the fields of the record. Only `module` has to be there."""

    module: str
    operation: str = ""
    record_id: str = ""
    user_id: str = ""
    user_email: str = ""
    account_id: str = ""
    occurred_at: str = ""
    event_id: str = ""
    organization: str = ""


_NAMES: Final = frozenset(TemplatedRow.__struct_fields__)


def rows_of(request: Request, body: bytes) -> Delivery:
    """The rows of a request whose body is JSON, a form or XML, or which has only a query string;
    RefusedError if it is none of these.
    """
    given = media_type(request)
    body = body or without_secrets(request.query)
    is_unnamed_form = given == "" and not body.lstrip().startswith(_JSON_BEGINS)
    if given == FORM or is_unnamed_form:
        return delivery_of([body], lambda row: _rows(row, form_of(row)))
    if given in _XML:
        return delivery_of([body], lambda row: _rows(row, _fields(root_of(row))))
    if given != _RAW:
        json_bodies.check_json(request)
    return delivery_of(
        json_bodies.rows_of(body), lambda row: _rows(row, json_bodies.object_of(row))
    )


def _fields(element: Element) -> dict[str, Any]:
    return {
        child.name: _fields(child) if child.children else child.text for child in element.children
    }


def _rows(original: bytes, given: Mapping[str, Any]) -> Iterator[SentRow]:
    filled = {name: value for name, value in given.items() if _is_filled(value)}
    row = _row(filled)
    values = flattened({name: value for name, value in filled.items() if name not in _NAMES})
    change = _change(row, values)
    user_id = row.user_id or row.user_email
    yield SentRow(
        original,
        name=f"{row.module}.{change.op.value}",
        sender_key=_key(row),
        occurred_at_ms=times.from_iso_8601(row.occurred_at, "occurred_at")
        if row.occurred_at
        else None,
        person=SentPerson(user_id, email=row.user_email),
        signal=Signal.CHANGE,
        actor_kind=ActorKind.USER if user_id else ActorKind.UNKNOWN,
        record_id=row.record_id,
        account_id=row.account_id,
        change=change,
        fields=filled,
        tenant_named=row.organization,
    )


def _is_filled(value: object) -> bool:
    return value not in (None, "") and not (
        isinstance(value, str) and value.strip().startswith(_UNFILLED)
    )


def _row(filled: Mapping[str, Any]) -> TemplatedRow:
    known = {name: text_of(filled[name]).strip() for name in _NAMES if name in filled}
    try:
        return msgspec.convert(known, TemplatedRow)
    except ValueError:
        detail = "module is missing; the template has to say which module the record is of"
        raise RowError(Reason.INVALID_ROW, detail) from None


def _change(row: TemplatedRow, values: Mapping[str, Value]) -> RecordChange:
    """What was done to the record; its state as it was sent where the template does not say. A
    time that the template does not give is that of arrival, which is not exact.
    """
    op = _OPS.get(row.operation.lower(), Op.SNAPSHOT)
    precision = Precision.EXACT if row.occurred_at else Precision.BOUNDED
    return RecordChange(row.module, op, values, precision=precision)


def _key(row: TemplatedRow) -> str | None:
    if row.event_id:
        return sender_key(row.module, row.event_id)
    if row.record_id and row.occurred_at:
        return sender_key(row.module, row.record_id, row.operation.lower(), row.occurred_at)
    return None
