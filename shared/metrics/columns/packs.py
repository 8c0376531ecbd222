"""Packs: the events of one delivery and one unit as columns (docs/data-model.md).

Written and read without numpy; `pack_reader` reads many at once into arrays.
"""

import sys
from array import array
from collections.abc import Sequence
from itertools import repeat
from typing import Final, TypeVar

import msgspec

from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.events import EVENT_ID_BYTES, ActorKind, Event, Signal

_TYPE_CODES: Final = ((0xFF, "B"), (0xFFFF, "H"), (0xFFFF_FFFF, "I"), (0xFFFF_FFFF_FFFF_FFFF, "Q"))
ACTOR_KINDS: Final = len(ActorKind)

T = TypeVar("T")

Path = tuple[str, str, str, str]
"""Feature, property, attribute, action. In a pack one string, a JSON array of the four: a fold
looks up every path of every pack, and a string is three times cheaper than a tuple of strings."""


class FoldColumns(msgspec.Struct, gc=False):
    """The columns of a pack that a fold reads. A column of numbers is little-endian and unsigned;
    its width is its length divided by `rows`.
    """

    rows: int
    source: str
    received_ms: int
    base_ms: int
    times: bytes
    ids: bytes
    users: list[str]
    user: bytes
    paths: list[str]
    path: bytes
    origin: bytes


class NamedColumns(FoldColumns, gc=False):
    """Those, and the records and accounts."""

    records: list[str]
    record: bytes
    accounts: list[str]
    account: bytes


class ChangeColumns(NamedColumns, gc=False, omit_defaults=True):
    """Those, and what happened to records; both are left out where no row has a change."""

    changes: list[str] = []
    change: bytes = b""


class Pack(ChangeColumns, gc=False, omit_defaults=True, kw_only=True):
    """All columns of a pack. `origin` is signal × 4 + actor kind; `user`, `path`, `record`,
    `account`, `change` and `context` index the lists named in the plural.
    """

    contexts: list[str]
    context: bytes


class _TimeColumn(msgspec.Struct, gc=False):
    """The columns that tell when the events of a pack occurred."""

    rows: int
    base_ms: int
    times: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Pack)
_times_decoder = msgspec.msgpack.Decoder(_TimeColumn)
_path_encoder = msgspec.json.Encoder()
_path_decoder = msgspec.json.Decoder(Path)


def write_pack(events: Sequence[Event]) -> bytes:
    """One sealed pack of the events of one source that were received at the same time."""
    columns = tuple(zip(*events, strict=True))
    (
        ids,
        user_ids,
        times,
        received,
        *path,
        record_ids,
        account_ids,
        signals,
        actors,
        sources,
        ctx,
        change_texts,
    ) = columns
    base_ms = min(times)
    users, user = _indexed(user_ids)
    distinct_paths, path_codes = _indexed(list(zip(*path, strict=True)))
    records, record = _indexed(record_ids)
    accounts, account = _indexed(account_ids)
    contexts, context = _indexed(ctx)
    changes, change = _indexed(change_texts) if any(change_texts) else ([], b"")
    return seal(
        _encoder.encode(
            Pack(
                rows=len(events),
                source=sources[0],
                received_ms=received[0],
                base_ms=base_ms,
                times=_numbers([time - base_ms for time in times]),
                ids=b"".join(ids),
                users=users,
                user=user,
                paths=[text_of(parts) for parts in distinct_paths],
                path=path_codes,
                origin=bytes([s * ACTOR_KINDS + a for s, a in zip(signals, actors, strict=True)]),
                records=records,
                record=record,
                accounts=accounts,
                account=account,
                contexts=contexts,
                context=context,
                changes=changes,
                change=change,
            )
        )
    )


def write_packs(events: Sequence[Event], max_bytes: int) -> list[bytes]:
    """As many packs as it takes to keep each body within `max_bytes`.

    A single event is always smaller: ids and context are bounded where events enter.
    """
    body = write_pack(events)
    if len(body) <= max_bytes or len(events) == 1:
        return [body]
    half = len(events) // 2
    return write_packs(events[:half], max_bytes) + write_packs(events[half:], max_bytes)


def read_pack(body: bytes) -> Pack:
    """All columns of a sealed pack."""
    return _decoder.decode(unseal(body))


def read_events(body: bytes) -> list[Event]:
    """The events of a sealed pack, in the order of the delivery."""
    pack = read_pack(body)
    rows = pack.rows
    distinct_paths = [path_of(text) for text in pack.paths]
    paths = [distinct_paths[code] for code in _codes(pack.path, rows)]
    return [
        Event(*row)
        for row in zip(
            [pack.ids[at : at + EVENT_ID_BYTES] for at in range(0, len(pack.ids), EVENT_ID_BYTES)],
            [pack.users[code] for code in _codes(pack.user, rows)],
            [pack.base_ms + offset for offset in _codes(pack.times, rows)],
            repeat(pack.received_ms, rows),
            *zip(*paths, strict=True),
            [pack.records[code] for code in _codes(pack.record, rows)],
            [pack.accounts[code] for code in _codes(pack.account, rows)],
            [Signal(code // ACTOR_KINDS) for code in pack.origin],
            [ActorKind(code % ACTOR_KINDS) for code in pack.origin],
            repeat(pack.source, rows),
            [pack.contexts[code] for code in _codes(pack.context, rows)],
            [pack.changes[code] for code in _codes(pack.change, rows)] or repeat("", rows),
            strict=True,
        )
    ]


def time_span(body: bytes) -> tuple[int, int]:
    """The first and last `occurred_at` of a sealed pack."""
    pack = _times_decoder.decode(unseal(body))
    offsets = _codes(pack.times, pack.rows)
    return pack.base_ms + min(offsets), pack.base_ms + max(offsets)


def path_of(text: str) -> Path:
    """The path of its text."""
    path: Path = _path_decoder.decode(text)
    return path


def text_of(path: Path) -> str:
    """The path as a text, in a pack and in the dictionary of paths."""
    return _path_encoder.encode(path).decode()


def _indexed(values: Sequence[T]) -> tuple[list[T], bytes]:
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return distinct, bytes(len(values))
    index = dict(zip(distinct, range(len(distinct)), strict=True))
    return distinct, _numbers(list(map(index.__getitem__, values)))


def _numbers(values: list[int]) -> bytes:
    largest = max(values)
    code = next(code for limit, code in _TYPE_CODES if largest <= limit)
    column = array(code, values)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def _codes(column: bytes, rows: int) -> "array[int]":
    if not column:
        return array("B")
    width = len(column) // rows
    numbers: array[int] = array(
        next(code for _, code in _TYPE_CODES if array(code).itemsize == width)
    )
    numbers.frombytes(column)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
