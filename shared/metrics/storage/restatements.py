"""The restatement log of a tenant, by day.

A fold's entry stands in its manifest, is published with it, and is then copied here under the name
of the attempt; its marks are cleared after that, so that a fold that dies in between is repeated,
and whoever replaces a manifest copies its entry first. The entries of a new generation are put
here before it is served, under its number: until then, and if it never is, they are not shown.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

import msgspec

from shared.metrics.columns.sealing import FORMAT_VERSION, UnknownFormatError
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.restatements import Cause, RestatedMeasure, Restatement
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store, Table
from shared.metrics.storage.tenants import Tenant

MAX_READ: Final = 1_000
"""Restatements that are read at once."""


class RestatedDay(msgspec.Struct, frozen=True, kw_only=True):
    """What one fold, or one new generation, has changed of a final day: (before, after) by
    measure. `generation` is the one that the entry waits for, 0 for none.
    """

    at_ms: int
    cause: Cause
    measures: dict[RestatedMeasure, tuple[int, int]]
    generation: int = 0


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(RestatedDay)


class Restatements:
    """The log of one tenant, as it is while a generation is served."""

    def __init__(self, store: Store, settings: Tenant) -> None:
        self._store = store
        self._tenant = settings.name
        self._shown = {0, settings.generation, *settings.served_before}

    def enter(self, day: date, name: str, entry: RestatedDay) -> None:
        """Put an entry; putting it again under the same name changes nothing."""
        key = keys.restatement_key(self._tenant, day, name)
        self._store.put_many([Item(key, bytes((FORMAT_VERSION,)) + _encoder.encode(entry))])

    def between(
        self, first_day: date, last_day: date, *, limit: int = MAX_READ, after: str = ""
    ) -> list[Restatement]:
        """The restatements of a range of days, both included: by day, then by time.

        At most `limit`, from 1 to MAX_READ; read on with the last one's `cursor` as `after`.
        """
        if not 1 <= limit <= MAX_READ:
            message = f"{limit:,} restatements cannot be read at once; ask for 1 to {MAX_READ:,}"
            raise BadInputError(message, field="first")
        start = max(first_day.isoformat(), after.rpartition("#")[0])
        found = self._entries(start, keys.up_to(last_day.isoformat()))
        return list(islice((each for each in found if each.cursor > after), limit))

    def count(self, first_day: date, last_day: date) -> int:
        """How many restatements a range of days has, both included."""
        return sum(
            1 for _ in self._entries(first_day.isoformat(), keys.up_to(last_day.isoformat()))
        )

    def _entries(self, first: str, last: str) -> Iterator[Restatement]:
        partition = keys.restatements_partition(self._tenant)
        for item in self._store.query(Table.EVENTS, partition, first, last):
            entry = _read(item.body)
            if entry.generation not in self._shown:
                continue
            day = date.fromisoformat(item.key.sort.partition("#")[0])
            for measure, (before, now) in sorted(
                entry.measures.items(), key=lambda one: one[0].value
            ):
                cursor = f"{item.key.sort}#{measure.value}"
                yield Restatement(day, measure, before, now, entry.at_ms, entry.cause, cursor)


def _read(body: bytes) -> RestatedDay:
    if body[0] != FORMAT_VERSION:
        message = f"unknown entry version {body[0]}; this program reads {FORMAT_VERSION}"
        raise UnknownFormatError(message)
    return _decoder.decode(memoryview(body)[1:])
