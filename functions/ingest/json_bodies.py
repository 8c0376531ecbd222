"""Bodies of JSON: one object, or an array of them, each of which answers for itself."""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from functions.ingest.media_types import media_type
from functions.ingest.requests import JSON, RefusedError, Request
from functions.ingest.rows import Reason, RowError

MAX_DEPTH: Final = 32
"""Of objects and arrays in a row. No sender comes near it, and what is nested so deep can be
written as well as read.
"""

S = TypeVar("S", bound=msgspec.Struct)

_UNDECODABLE: Final = (ValueError, RecursionError)
"""What msgspec raises for bytes that are not JSON, not of the right type, or nested too deep."""

_NEITHER: Final = "it is neither an object nor an array"

_raw_decoder = msgspec.json.Decoder(msgspec.Raw)
_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_object_decoder = msgspec.json.Decoder(dict[str, Any])


def check_json(request: Request) -> None:
    """RefusedError 415 if the request says that its body is something else than JSON."""
    given = media_type(request)
    if given not in ("", JSON) and not given.endswith("+json"):
        message = f"content-type {given!r} is not understood; send {JSON}"
        raise RefusedError(415, "unsupported_content_type", message)


def rows_of(body: bytes) -> list[bytes]:
    """The elements of an array, or the one object that the body is; RefusedError 400 if it is
    neither.

    What our parser does not take, such as NaN or half of a surrogate pair, may be in one row of
    many: the standard library's reads it, and each row answers for itself.
    """
    try:
        if body.lstrip()[:1] == b"[":
            return [bytes(raw) for raw in _list_decoder.decode(body)]
        row = bytes(_raw_decoder.decode(body))
    except _UNDECODABLE:
        return _leniently(body)
    if row[:1] != b"{":
        raise _malformed(_NEITHER)
    return [row]


def object_of(row: bytes) -> dict[str, Any]:
    """The fields of a row; RowError if it is no object of JSON, or nested too deep. Of a name that
    comes twice the last one counts.
    """
    try:
        fields = _object_decoder.decode(row)
    except _UNDECODABLE as error:
        raise RowError(Reason.INVALID_ROW, str(error)) from None
    if row.count(b"{") + row.count(b"[") > MAX_DEPTH and _is_deeper(fields):
        raise RowError(Reason.INVALID_ROW, f"the row is nested more than {MAX_DEPTH} deep")
    return fields


def typed(fields: Mapping[str, Any], structure: type[S]) -> S:
    """The known fields of a row; RowError says which one is missing or of another type."""
    try:
        return msgspec.convert(fields, structure)
    except ValueError as error:
        raise RowError(Reason.INVALID_ROW, str(error)) from None


def _leniently(body: bytes) -> list[bytes]:
    try:
        document = json.loads(body.decode())
        if isinstance(document, list):
            return [json.dumps(row).encode() for row in document]
    except _UNDECODABLE as error:
        raise _malformed(str(error)) from None
    if not isinstance(document, dict):
        raise _malformed(_NEITHER)
    return [body.strip()]


def _is_deeper(fields: Mapping[str, Any]) -> bool:
    level: list[Any] = [fields]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def _malformed(problem: str) -> RefusedError:
    return RefusedError(
        400, "bad_json", f"the body is not one row, or an array, of JSON: {problem}"
    )
