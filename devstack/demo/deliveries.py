"""From rows to bodies for POST /v1/events: JSON lines."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from devstack.demo.record_rows import RecordChangeRow
from devstack.demo.rows import AnyRow

CONTENT_TYPE: Final = "application/x-ndjson"
ROWS: Final = 5_000
"""Rows of a delivery: a row has 150 bytes on average, and a delivery may have a million."""

_SENT_AGAIN: Final = 200
"""Of so many rows one is sent a second time."""


class Delivery(msgspec.Struct, frozen=True):
    """A body and the number of its rows."""

    body: bytes
    rows: int


def deliveries(rows: Sequence[AnyRow | RecordChangeRow]) -> Iterator[Delivery]:
    """The rows of a day, then a few of them again, as from a sender that missed an answer."""
    encoder = msgspec.json.Encoder()
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        yield Delivery(encoder.encode_lines(part), len(part))
    again = rows[::_SENT_AGAIN]
    if again:
        yield Delivery(encoder.encode_lines(again), len(again))
