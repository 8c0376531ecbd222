"""The changes of records of a day or month as a block (docs/data-model.md).

Rows are in fold order, so that neither event ids nor sequences need be kept: whatever decided the
order of two changes is in their places.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.change_texts import change_of
from shared.metrics.columns.pack_reader import read_packs
from shared.metrics.columns.packs import ACTOR_KINDS
from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.deduplication import distinct_rows
from shared.metrics.domain.events import ActorKind
from shared.metrics.domain.record_changes import Value
from shared.metrics.domain.records.change_log import ChangeEvent, ChangeLog, log_of

_SECOND_MS: Final = 1000
_WIDTHS: Final = (np.uint8, np.uint16, np.uint32, np.uint64)


class _Block(msgspec.Struct):
    """Numbers are unsigned, little-endian, as narrow as they can be; of those that are wider than a
    byte first all lowest bytes, then all that are next, and so on, which compresses better.
    `values` are a JSON array, because MessagePack has no whole numbers of more than 64 bits.
    """

    rows: int
    cells: int
    base_ms: int
    objects: list[str]
    records: list[str]
    actors: list[str]
    fields: list[str]
    values: bytes
    at: bytes
    received: bytes
    object: bytes
    record: bytes
    op: bytes
    merged_into: bytes
    actor: bytes
    origin: bytes
    width: bytes
    field: bytes
    value: bytes
    was: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Block)
_values_encoder = msgspec.json.Encoder()
_values_decoder = msgspec.json.Decoder(list[Value])


def changes_of(bodies: Sequence[bytes]) -> ChangeLog | None:
    """The de-duplicated changes of sealed packs, whatever their order; None if there are none."""
    rows = read_packs(bodies, whole=True)
    changes = [change_of(text) if text else None for text in rows.changes]
    distinct = distinct_rows(
        rows.ids,
        rows.times_ms,
        rows.received_ms,
        (rows.change, rows.record, rows.user, rows.origin),
        rows.content,
    )
    columns = zip(
        rows.change[distinct.rows].tolist(),
        rows.record[distinct.rows].tolist(),
        rows.user[distinct.rows].tolist(),
        (rows.origin[distinct.rows] % ACTOR_KINDS).tolist(),
        rows.times_ms[distinct.rows].tolist(),
        distinct.received_ms.tolist(),
        distinct.rows.tolist(),
        strict=True,
    )
    found = [
        ChangeEvent(
            rows.names[record],
            at_ms,
            change,
            rows.users[user],
            ActorKind(kind),
            received_ms,
            rows.ids[row].tobytes(),
        )
        for code, record, user, kind, at_ms, received_ms, row in columns
        if (change := changes[code]) is not None and rows.names[record]
    ]
    return log_of(found) if found else None


def write_changes(log: ChangeLog) -> bytes:
    """Seal a log. The same log gives the same bytes. Times of receipt are kept in whole seconds,
    rounded up.
    """
    records, record, merged_into = _sorted(log.records, log.record, log.merged_into)
    actors, actor = _sorted(log.actors, log.actor)
    received = -(-log.received_ms // _SECOND_MS)
    base_ms = int(log.at_ms[0])
    return seal(
        _encoder.encode(
            _Block(
                rows=len(log),
                cells=len(log.row),
                base_ms=base_ms,
                objects=list(log.objects),
                records=records,
                actors=actors,
                fields=list(log.fields),
                values=_values_encoder.encode(list(log.values)),
                at=_packed(np.diff(log.at_ms, prepend=base_ms)),
                received=_packed(_zigzag(np.diff(received, prepend=base_ms // _SECOND_MS))),
                object=_packed(log.object),
                record=_packed(record),
                op=_packed(log.op),
                merged_into=_packed(merged_into + 1),
                actor=_packed(actor + 1),
                origin=_packed(log.actor_kind * 2 + log.is_exact),
                width=_packed(np.bincount(log.row, minlength=len(log))),
                field=_packed(log.field),
                value=_packed(log.value + 1),
                was=_packed(log.was + 1),
            )
        )
    )


def read_changes(body: bytes) -> ChangeLog:
    """The log of a sealed block."""
    block = _decoder.decode(unseal(body))
    rows, cells = block.rows, block.cells
    received = np.cumsum(_unzigzag(_unpacked(block.received, rows)))
    origin = _unpacked(block.origin, rows)
    return ChangeLog(
        objects=block.objects,
        records=block.records,
        actors=block.actors,
        fields=block.fields,
        values=_values_decoder.decode(block.values),
        at_ms=np.cumsum(_unpacked(block.at, rows)) + block.base_ms,
        received_ms=(received + block.base_ms // _SECOND_MS) * _SECOND_MS,
        object=_unpacked(block.object, rows).astype(np.int32),
        record=_unpacked(block.record, rows).astype(np.int32),
        op=_unpacked(block.op, rows).astype(np.uint8),
        merged_into=_unpacked(block.merged_into, rows).astype(np.int32) - np.int32(1),
        actor=_unpacked(block.actor, rows).astype(np.int32) - np.int32(1),
        actor_kind=(origin // 2).astype(np.uint8),
        is_exact=(origin % 2).astype(bool),
        row=np.repeat(np.arange(rows, dtype=np.int32), _unpacked(block.width, rows)),
        field=_unpacked(block.field, cells).astype(np.int32),
        value=_unpacked(block.value, cells).astype(np.int32) - np.int32(1),
        was=_unpacked(block.was, cells).astype(np.int32) - np.int32(1),
    )


def _sorted(names: Sequence[str], *codes: NDArray[np.int32]) -> tuple[Any, ...]:
    """Names in their order, which compresses better, and codes of them; -1 stays."""
    order = sorted(range(len(names)), key=names.__getitem__)
    place = np.empty(len(names) + 1, np.int32)
    place[np.array(order, np.int64)] = np.arange(len(names))
    place[-1] = -1
    return ([names[code] for code in order], *(place[each] for each in codes))


def _packed(numbers: NDArray[Any]) -> bytes:
    largest = int(numbers.max(initial=0))
    dtype = next(each for each in _WIDTHS if largest <= np.iinfo(each).max)
    narrow = numbers.astype(np.dtype(dtype).newbyteorder("<"))
    return narrow.view(np.uint8).reshape(len(numbers), narrow.itemsize).T.tobytes()


def _unpacked(column: bytes, rows: int) -> NDArray[np.int64]:
    if not rows:
        return np.zeros(0, np.int64)
    planes = np.frombuffer(column, np.uint8).reshape(-1, rows)
    narrow = np.ascontiguousarray(planes.T)
    return narrow.view(np.dtype(f"<u{len(planes)}")).reshape(rows).astype(np.int64)


def _zigzag(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of both signs as such of one, small ones staying small."""
    return (numbers << 1) ^ (numbers >> 63)


def _unzigzag(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    return (numbers >> 1) ^ -(numbers & 1)
