"""Batches of rows as JSON: told apart, then read one by one, each into its type."""

import json
from typing import Any, Final, TypeVar

import msgspec

from functions.ingest.requests import RefusedError
from functions.ingest.rows import Reason, RowError

T = TypeVar("T")

UNDECODABLE: Final = (ValueError, RecursionError)
"""What is raised for bytes that are not JSON, not of the right type, or nested too deep."""

_raw_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_raw_object_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])


def raw_object(body: bytes) -> dict[str, bytes]:
    """The fields of an object, each as the JSON it was sent as; RefusedError 400 if the body is
    none.

    What our parser does not take, such as NaN or half of a surrogate pair, may be in one row of
    many: the standard library's reads it, and each row answers for itself.
    """
    try:
        return {name: bytes(raw) for name, raw in _raw_object_decoder.decode(body).items()}
    except UNDECODABLE:
        document = _leniently(body)
    if not isinstance(document, dict):
        raise _not_json("an object")
    return {name: _as_json(value) for name, value in document.items()}


def raw_list(body: bytes) -> list[bytes]:
    """The values of an array, each as the JSON it was sent as; RefusedError 400 if the body is
    none.
    """
    try:
        return [bytes(raw) for raw in _raw_list_decoder.decode(body)]
    except UNDECODABLE:
        document = _leniently(body)
    if not isinstance(document, list):
        raise _not_json("an array")
    return [_as_json(value) for value in document]


def decoded(decoder: msgspec.json.Decoder[T], original: bytes) -> T:
    """One row as its type; RowError if it is something else."""
    try:
        return decoder.decode(original)
    except UNDECODABLE as error:
        raise RowError(Reason.INVALID_ROW, str(error)) from None


def peeked(decoder: msgspec.json.Decoder[T], body: bytes) -> T | None:
    """A part of a body that may be anything, and come from anyone; None if it cannot be read."""
    try:
        return decoder.decode(body)
    except UNDECODABLE:
        pass
    try:
        return msgspec.convert(json.loads(body), decoder.type)
    except UNDECODABLE:
        return None


def _leniently(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(body)
    except UNDECODABLE as error:
        raise RefusedError(400, "bad_json", f"the body is not JSON: {error}") from None


def _as_json(value: object) -> bytes:
    try:
        return json.dumps(value, separators=(",", ":")).encode()
    except RecursionError:
        raise RefusedError(400, "bad_json", "the body is nested too deep") from None


def _not_json(expected: str) -> RefusedError:
    return RefusedError(400, "bad_json", f"the body is not {expected} as JSON")
