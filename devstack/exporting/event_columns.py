"""Events as columns of Arrow, and as one Parquet file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from devstack.exporting.parquet import arrow
from shared.metrics.columns.event_rows import EventRows
from shared.metrics.columns.packs import ACTOR_KINDS
from shared.metrics.domain.events import EVENT_ID_BYTES, ActorKind, Signal

_ROWS_AT_ONCE: Final = 100_000
_HEX: Final = np.frombuffer(bytes(range(256)).hex().encode(), "S2")
_PATH: Final = ("feature", "property", "attribute", "action")
_ALWAYS: Final = frozenset(
    {"event_id", "occurred_at", "received_at", "action", "signal", "actor_kind", "source"}
)
"""The columns of an event that are never null."""


def write_events(path: Path, events: EventRows, metadata: Mapping[str, str]) -> None:
    """Write events in their order; the same events make the same bytes."""
    pa, parquet = arrow()
    schema = _schema(pa).with_metadata(dict(metadata))
    texts = {name: pa.array(found, pa.string()) for name, found in _texts(events).items()}
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, len(events), _ROWS_AT_ONCE):
            place = slice(start, start + _ROWS_AT_ONCE)
            columns = {
                name: texts[name].take(pa.array(codes)) for name, codes in _codes(events, place)
            }
            row = events.row[place]
            columns["event_id"] = _hexadecimal(pa, events.packs.ids[row])
            columns["occurred_at"] = _instants(pa, events.packs.times_ms[row])
            columns["received_at"] = _instants(pa, events.received_ms[place])
            arrays = [columns[name] for name in schema.names]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _schema(pa: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    instant = pa.timestamp("ms", "UTC")
    types = {
        "event_id": pa.string(),
        "user_id": pa.string(),
        "occurred_at": instant,
        "received_at": instant,
        **dict.fromkeys(_PATH, pa.string()),
        "record_id": pa.string(),
        "account_id": pa.string(),
        "signal": pa.string(),
        "actor_kind": pa.string(),
        "source": pa.string(),
        "context": pa.string(),
        "change": pa.string(),
    }
    return pa.schema(
        [pa.field(name, of_type, nullable=name not in _ALWAYS) for name, of_type in types.items()]
    )


def _texts(events: EventRows) -> dict[str, Sequence[str | None]]:
    """For each column of texts what its codes stand for; what an event does not have is null."""
    packs = events.packs
    of_paths = dict(zip(_PATH, zip(*packs.paths, strict=True), strict=True))
    found: dict[str, Sequence[str]] = {
        "user_id": packs.users,
        **of_paths,
        "record_id": packs.names,
        "account_id": packs.names,
        "signal": [signal.name for signal in Signal],
        "actor_kind": [kind.name for kind in ActorKind],
        "source": packs.sources,
        "context": packs.contexts,
        "change": packs.changes,
    }
    return {name: [text or None for text in texts] for name, texts in found.items()}


def _codes(events: EventRows, place: slice) -> Iterator[tuple[str, NDArray[Any]]]:
    packs, row = events.packs, events.row[place]
    yield "user_id", packs.user[row]
    for name in _PATH:
        yield name, packs.path[row]
    yield "record_id", packs.record[row]
    yield "account_id", packs.account[row]
    yield "signal", packs.origin[row] // ACTOR_KINDS
    yield "actor_kind", packs.origin[row] % ACTOR_KINDS
    yield "source", packs.source[row]
    yield "context", packs.context[row]
    yield "change", packs.change[row]


def _hexadecimal(pa: Any, ids: NDArray[np.uint64]) -> Any:  # noqa: ANN401 - likewise
    width = 2 * EVENT_ID_BYTES
    digits = _HEX[ids.astype("<u8").view(np.uint8)]
    ends = np.arange(len(ids) + 1, dtype=np.int32) * width
    return pa.StringArray.from_buffers(
        len(ids), pa.py_buffer(ends.tobytes()), pa.py_buffer(digits.tobytes())
    )


def _instants(pa: Any, times_ms: NDArray[np.int64]) -> Any:  # noqa: ANN401 - likewise
    return pa.array(times_ms).cast(pa.timestamp("ms", "UTC"))
