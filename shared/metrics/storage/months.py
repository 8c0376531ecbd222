"""Months: the arrays of many days side by side, so that a long range takes few reads.

A month is derived from the published days and nothing depends on it: it names the attempt that it
took each day from, and a day that has been folded again since is read from its own blocks.
"""

from typing import Final

import msgspec

from shared.metrics.columns.sealing import FORMAT_VERSION, UnknownFormatError
from shared.metrics.storage import keys
from shared.metrics.storage.month_index import MonthIndex
from shared.metrics.storage.ports import Item, Store, Table

HITS_LAYOUT: Final = 3
"""The arrays of the hits of a month as this program writes and reads them: a month of another
layout is read from its days until it is gathered again. That of other blocks is the manifests'."""


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """The blocks of one attempt to gather a month. `days` has the attempt of each day in it, by
    date; `parts` the number of parts of each kind of block; `index` what the manifests of the days
    say, of a month whose sums are gathered.
    """

    attempt: str
    layout: int
    days: dict[str, str]
    parts: dict[str, int]
    index: MonthIndex | None = None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Month)


def hits_unit(name: str) -> str:
    """The unit under which the hits of a month are gathered one by one, and as which it is stored:
    another than that of the sums, because they are gathered at other times.
    """
    return f"hits-{name}"


def read_month(body: bytes) -> Month:
    """A month from its item's body; UnknownFormatError if a newer program wrote it."""
    if body[0] != FORMAT_VERSION:
        message = f"unknown month version {body[0]}; this program reads {FORMAT_VERSION}"
        raise UnknownFormatError(message)
    return _decoder.decode(memoryview(body)[1:])


class Months:
    """The months of one tenant and generation, by name (2026-10)."""

    def __init__(self, store: Store, tenant: str, generation: int) -> None:
        self._store = store
        self._tenant = tenant
        self._generation = generation

    def bodies(self, first: str, last: str) -> dict[str, bytes]:
        """The stored months of a range, not yet decoded."""
        partition = keys.months_partition(self._tenant, self._generation)
        found = self._store.query(Table.METRICS, partition, first, last)
        return {item.key.sort: item.body for item in found}

    def all(self) -> dict[str, Month]:
        """Every month."""
        return {name: read_month(body) for name, body in self.bodies("", keys.up_to("")).items()}

    def version(self, name: str) -> int | None:
        """The version of a month's item; None if there is none."""
        item = self._store.get(keys.month_key(self._tenant, self._generation, name))
        return None if item is None else item.version

    def publish(self, name: str, month: Month, *, expected_version: int | None) -> bool:
        """Make a gathered month visible if nobody else has meanwhile."""
        body = bytes((FORMAT_VERSION,)) + _encoder.encode(month)
        key = keys.month_key(self._tenant, self._generation, name)
        item = Item(key, body, version=(expected_version or 0) + 1)
        return self._store.put_if(item, expected_version=expected_version)
