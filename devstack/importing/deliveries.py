"""Gathers the rows of a file into bodies that ingest takes."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final, Protocol

import msgspec

from devstack.importing.turned_away import TurnedAwayError
from functions.ingest.requests import MAX_BODY_BYTES
from functions.ingest.rows import MAX_ROWS

WINDOW_ROWS: Final = 50_000
"""Rows that are sent in order of time. A file sorted by case touches a thousand days with every
body; in order of time it takes a fifth of the packs, and half of the time. About 20 MB."""

_WINDOW_BYTES: Final = 32_000_000
_MAX_ORIGINAL: Final = 100_000
"""Characters kept of a turned-away row that is too long for a body: at most 600 KB as JSON."""

_FRAME_BYTES: Final = 100
"""More than what stands around the rows in a body."""

_encode = msgspec.json.Encoder().encode


class _Rejected(msgspec.Struct):
    reason: str
    original: str


class Sendable(Protocol):
    """An event as our wire format has it."""

    @property
    def occurred_at(self) -> int:
        """When, in milliseconds UTC."""
        ...


class Deliveries:
    """Takes rows, and hands bodies to `send` whenever a window is full and when it is flushed,
    each with the reasons of the turned-away rows in it.
    """

    def __init__(self, send: Callable[[bytes, Counter[str]], None]) -> None:
        self._send = send
        self._events: list[tuple[int, bytes]] = []
        self._rejected: list[tuple[str, bytes]] = []
        self._bytes = 0

    def add(self, event: Sendable) -> None:
        """Add an event."""
        row = _encode(event)
        self._events.append((event.occurred_at, row))
        self._bytes += len(row)
        if len(self._events) >= WINDOW_ROWS or self._bytes > _WINDOW_BYTES:
            self.flush()

    def reject(self, problem: TurnedAwayError, original: str) -> None:
        """Add a row that is no event, so that it is kept in quarantine."""
        row = _rejection(str(problem), original)
        self._rejected.append((problem.why.value, row))
        self._bytes += len(row)
        if len(self._rejected) >= WINDOW_ROWS or self._bytes > _WINDOW_BYTES:
            self.flush()

    def flush(self) -> None:
        """Send everything that has been added."""
        self._events.sort(key=itemgetter(0))
        for rows in _cut([row for _, row in self._events]):
            self._send(b'{"events":[' + b",".join(rows) + b"]}", Counter())
        reasons = iter([reason for reason, _ in self._rejected])
        for rows in _cut([row for _, row in self._rejected]):
            self._send(
                b'{"rejected":[' + b",".join(rows) + b"]}", Counter(islice(reasons, len(rows)))
            )
        self._events, self._rejected, self._bytes = [], [], 0


def _cut(rows: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The rows in stretches that fit a body."""
    start, size = 0, _FRAME_BYTES
    for at, row in enumerate(rows):
        size += len(row) + 1
        if at > start and (size > MAX_BODY_BYTES or at - start == MAX_ROWS):
            yield rows[start:at]
            start, size = at, _FRAME_BYTES + len(row) + 1
    if start < len(rows):
        yield rows[start:]


def _rejection(reason: str, original: str) -> bytes:
    # Bytes that were not UTF-8 came through as lone surrogates; \xff is how they are shown.
    text = original.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = text.rstrip("\r\n")
    row = _encode(_Rejected(reason, text))
    if len(row) + _FRAME_BYTES <= MAX_BODY_BYTES:
        return row
    note = f"{reason} (kept: the first {_MAX_ORIGINAL:,} of {len(text):,} characters)"
    return _encode(_Rejected(note, text[:_MAX_ORIGINAL]))
