"""Reads the rows of a delivery one by one: a bad one costs itself alone."""

from collections.abc import Callable, Iterable
from typing import Final

from functions.ingest.requests import RefusedError
from functions.ingest.rows import MAX_ROWS, Rejection, RowError
from functions.ingest.sent_rows import Delivery, SentRow

MAX_FAN_OUT_BYTES: Final = 32_000_000
"""Of what one body of at most 1 MB comes to, once each of its records has what they share."""

Read = Callable[[bytes], Iterable[SentRow | RowError]]
"""The rows of a part of a body: several where the sender tells of several records at once. Raises
RowError if the part cannot be read, and gives one for each row of it that cannot.
"""


def delivery_of(originals: Iterable[bytes], read: Read) -> Delivery:
    """What the parts of a body hold; RefusedError 413 if it is more than `MAX_ROWS` rows."""
    delivery = Delivery()
    rows, rejections = delivery.rows, delivery.rejections
    for original in originals:
        try:
            for row in read(original):
                if row.__class__ is SentRow and len(rows) + len(rejections) < MAX_ROWS:
                    rows.append(row)
                else:
                    _add(delivery, row, original)
        except RowError as problem:
            _add(delivery, problem, original)
    return delivery


def check_fan_out(row: bytes, rows: int) -> None:
    """RefusedError 413 if a body that tells of many records at once comes to too much."""
    if rows > MAX_ROWS or rows * len(row) > MAX_FAN_OUT_BYTES:
        message = f"{rows:,} records of {len(row):,} bytes each are too many for one delivery"
        raise RefusedError(413, "too_many_rows", message)


def _add(delivery: Delivery, row: SentRow | RowError, original: bytes) -> None:
    index = len(delivery.rows) + len(delivery.rejections)
    if index == MAX_ROWS:
        message = f"the delivery is over the limit of {MAX_ROWS:,} rows"
        raise RefusedError(413, "too_many_rows", message)
    if isinstance(row, SentRow):
        delivery.rows.append(row)
    else:
        delivery.rejections.append(Rejection(index, row.reason, row.detail, original))
