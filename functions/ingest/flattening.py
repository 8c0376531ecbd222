"""Nested fields of a sender as the flat values that a record change is made of."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import msgspec

from functions.ingest.rows import Reason, RowError
from shared.metrics.domain.record_changes import Value

MAX_FIELDS: Final = 1_000
MAX_TEXT: Final = 4_096
"""Characters. Longer texts are cut, and end with an ellipsis: what a note says is no figure, and
the change it is part of has to fit its 32 KB.
"""

_LARGEST: Final = 2**63
"""Beyond this a whole number is kept as text."""


def flattened(fields: Mapping[str, Any]) -> dict[str, Value]:
    """The fields by name, those of a nested object by both names with a dot between.

    A list becomes a list of texts, of which those that are not plain values are JSON. RowError if
    there are more than `MAX_FIELDS`.
    """
    flat: dict[str, Value] = {}
    for name, value in _leaves("", fields):
        flat[name] = value
        if len(flat) > MAX_FIELDS:
            detail = f"the record has more than {MAX_FIELDS:,} fields"
            raise RowError(Reason.TOO_LONG, detail)
    return flat


def text_of(value: object) -> str:
    """A plain value as text, anything else as JSON; `""` for None."""
    kind = value.__class__
    if kind is str:
        return cast("str", value)
    if kind is int:
        return str(value)
    return "" if value is None else msgspec.json.encode(value).decode()


def _leaves(prefix: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for name, value in fields.items():
        if isinstance(value, dict) and value:
            yield from _leaves(f"{prefix}{name}.", value)
        else:
            yield f"{prefix}{name}", _leaf(value)


def _leaf(value: object) -> Value:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if -_LARGEST <= value < _LARGEST else str(value)
    if isinstance(value, list):
        return [_cut(text_of(each)) for each in value]
    return _cut(text_of(value)) if value != {} else None


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}…"
