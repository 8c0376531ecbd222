"""Batches of rows as JSON: told apart, then read one by one, each into its type."""

import json
from typing import Final, TypeVar

import msgspec

from functions.ingest.json_bodies import rows_of
from functions.ingest.requests import RefusedError
from functions.ingest.rows import Reason, RowError

T = TypeVar("T")

UNDECODABLE: Final = (ValueError, RecursionError)
"""What is raised for bytes that are not JSON, not of the right type, or nested too deep."""

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
        return _leniently(body)


def raw_list(body: bytes) -> list[bytes]:
    """The values of an array, each as the JSON it was sent as; RefusedError 400 if the body is
    none.
    """
    if body.lstrip()[:1] != b"[":
        raise _not_json("an array")
    return rows_of(body)


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
        return msgspec.convert(json.loads(body.decode()), decoder.type)
    except UNDECODABLE:
        return None


def _leniently(body: bytes) -> dict[str, bytes]:
    try:
        document = json.loads(body.decode())
        if isinstance(document, dict):
            return {name: json.dumps(value).encode() for name, value in document.items()}
    except UNDECODABLE as error:
        raise RefusedError(400, "bad_json", f"the body is not JSON: {error}") from None
    raise _not_json("an object")


def _not_json(expected: str) -> RefusedError:
    return RefusedError(400, "bad_json", f"the body is not {expected} as JSON")
