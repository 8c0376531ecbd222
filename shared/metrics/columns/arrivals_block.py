"""The block that says when the rows of a unit arrived, by source (docs/data-model.md)."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np

from shared.metrics.columns.pack_reader import PackRows
from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.arrivals import Arrivals, BySource, arrivals_of

KEPT_HOURS: Final = 100 * 24
"""Of a unit that goes on for ever, as the directory does, only the last hours are kept."""


class _Header(msgspec.Struct):
    rows: int
    source: str
    received_ms: int


class _Stored(msgspec.Struct, array_like=True):
    last_ms: int
    hours: list[int]
    rows: list[int]


_header_decoder = msgspec.msgpack.Decoder(_Header)
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, _Stored])


def arrivals_in(rows: PackRows) -> dict[str, Arrivals]:
    """When the rows of packs that have been read arrived."""
    starts = [0, *rows.pack_ends.tolist()]
    firsts = np.array(starts[:-1], np.int64)
    sources = rows.source[firsts].tolist()
    received = rows.received_ms[firsts].tolist()
    counts = [end - start for start, end in pairwise(starts)]
    return arrivals_of(
        (rows.sources[source], received_ms, count)
        for source, received_ms, count in zip(sources, received, counts, strict=True)
    )


def arrivals_of_packs(bodies: Iterable[bytes]) -> dict[str, Arrivals]:
    """When the rows of sealed packs arrived, without reading the rows."""
    headers = (_header_decoder.decode(unseal(body)) for body in bodies)
    return arrivals_of((each.source, each.received_ms, each.rows) for each in headers)


def write_arrivals(arrivals: BySource) -> bytes:
    """Seal arrivals. The same arrivals give the same bytes."""
    return seal(_encoder.encode({name: _stored(arrivals[name]) for name in sorted(arrivals)}))


def read_arrivals(body: bytes) -> dict[str, Arrivals]:
    """The arrivals of a sealed block."""
    found = _decoder.decode(unseal(body))
    return {
        name: Arrivals(each.last_ms, dict(zip(each.hours, each.rows, strict=True)))
        for name, each in found.items()
    }


def _stored(arrivals: Arrivals) -> _Stored:
    hours = arrivals.rhythm()
    kept = [hour for hour in hours if hour > hours[-1] - KEPT_HOURS]
    return _Stored(arrivals.last_ms, kept, [arrivals.by_hour[hour] for hour in kept])
