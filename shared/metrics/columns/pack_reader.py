"""Many packs at once as arrays, with one set of codes for all of them."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.packs import (
    FoldColumns,
    NamedColumns,
    Pack,
    Path,
    path_of,
    read_events,
)
from shared.metrics.columns.sealing import unseal

_DTYPES: Final[dict[int, np.dtype[Any]]] = {
    1: np.dtype("<u1"),
    2: np.dtype("<u2"),
    4: np.dtype("<u4"),
    8: np.dtype("<u8"),
}
_NOTHING: Final = np.zeros(0, np.uint32)


class _FoldPack(FoldColumns, gc=False):
    """What a fold reads, and whether there is any change."""

    change: bytes = b""


class _NamedPack(NamedColumns, gc=False):
    """Those, and the records and accounts."""

    change: bytes = b""


_decoder = msgspec.msgpack.Decoder(_FoldPack)
_named_decoder = msgspec.msgpack.Decoder(_NamedPack)
_whole_decoder = msgspec.msgpack.Decoder(Pack)


@dataclass(frozen=True, slots=True)
class PackRows:
    """The rows of many packs. Arrays have one entry a row; times are milliseconds UTC.

    `users`, `paths` and `sources` are in order of first sight, which depends on the order of the
    packs; whatever is made of them must not. `ids` has two unsigned 64-bit halves a row. `record`
    and `account` index `names`, `context` indexes `contexts`, `change` indexes `changes`; they are
    empty if they were not asked for. `has_changes` says whether any row has a change.
    """

    bodies: Sequence[bytes]
    users: list[str]
    paths: list[Path]
    sources: list[str]
    ids: NDArray[np.uint64]
    times_ms: NDArray[np.int64]
    received_ms: NDArray[np.int64]
    user: NDArray[np.uint32]
    path: NDArray[np.uint32]
    origin: NDArray[np.uint8]
    source: NDArray[np.uint32]
    pack_ends: NDArray[np.int64]
    names: list[str]
    record: NDArray[np.uint32]
    account: NDArray[np.uint32]
    contexts: list[str]
    context: NDArray[np.uint32]
    changes: list[str]
    change: NDArray[np.uint32]
    has_changes: bool

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.times_ms)

    def content(self, row: int) -> bytes:
        """The canonical content of a row, read again from its pack: slow, for rare conflicts."""
        pack = int(np.searchsorted(self.pack_ends, row, side="right"))
        first = int(self.pack_ends[pack - 1]) if pack else 0
        return read_events(self.bodies[pack])[row - first].canonical_content()


def read_packs(bodies: Sequence[bytes], *, named: bool = False, whole: bool = False) -> PackRows:
    """Decode sealed packs into arrays; the order of rows is that of the packs. `named` asks for
    the records and accounts too, `whole` for them, the contexts and the changes.
    """
    users, paths, sources, names = _Numbering(), _Numbering(), _Numbering(), _Numbering()
    contexts, changes = _Numbering(), _Numbering()
    user, path, context = _CodedColumn(users), _CodedColumn(paths), _CodedColumn(contexts)
    change = _CodedColumn(changes)
    record, account = _CodedColumn(names), _CodedColumn(names)
    rows: list[int] = []
    received: list[int] = []
    source: list[int] = []
    bases: list[int] = []
    times: list[NDArray[Any]] = []
    ids: list[bytes] = []
    origins: list[bytes] = []
    has_changes = False
    decode: Callable[[bytes], _FoldPack | _NamedPack | Pack] = _decoder.decode
    if named or whole:
        decode = _whole_decoder.decode if whole else _named_decoder.decode
    for body in bodies:
        pack = decode(unseal(body))
        has_changes = has_changes or bool(pack.change)
        n = pack.rows
        rows.append(n)
        received.append(pack.received_ms)
        bases.append(pack.base_ms)
        source.append(sources[pack.source])
        times.append(_column(pack.times, n))
        ids.append(pack.ids)
        origins.append(pack.origin)
        user.add(pack.users, _column(pack.user, n))
        path.add(pack.paths, _column(pack.path, n))
        if isinstance(pack, NamedColumns):
            record.add(pack.records, _column(pack.record, n))
            account.add(pack.accounts, _column(pack.account, n))
        if isinstance(pack, Pack):
            context.add(pack.contexts, _column(pack.context, n))
            change.add(pack.changes or [""], _column(pack.change or bytes(n), n))
    counts = np.array(rows, np.int64)
    return PackRows(
        bodies=bodies,
        users=list(users),
        paths=[path_of(text) for text in paths],
        sources=list(sources),
        ids=np.frombuffer(b"".join(ids), np.dtype("<u8")).reshape(-1, 2),
        times_ms=_joined(times, np.int64) + np.repeat(np.array(bases, np.int64), counts),
        received_ms=np.repeat(np.array(received, np.int64), counts),
        user=user.joined(counts),
        path=path.joined(counts),
        origin=np.frombuffer(b"".join(origins), np.uint8),
        source=np.repeat(np.array(source, np.uint32), counts),
        pack_ends=np.cumsum(counts),
        names=list(names),
        record=record.joined(counts) if named or whole else _NOTHING,
        account=account.joined(counts) if named or whole else _NOTHING,
        contexts=list(contexts),
        context=context.joined(counts) if whole else _NOTHING,
        changes=list(changes),
        change=change.joined(counts) if whole else _NOTHING,
        has_changes=has_changes,
    )


class _Numbering(dict[str, int]):
    """Numbers values in order of first sight. `map(numbering.__getitem__, …)` stays in C."""

    def __missing__(self, value: str) -> int:
        number = self[value] = len(self)
        return number


class _CodedColumn:
    """Joins a column of many packs, each with codes of its own, into one with common codes."""

    def __init__(self, numbering: _Numbering) -> None:
        self._number = numbering.__getitem__
        self._common = array("I")
        self._sizes: list[int] = []
        self._parts: list[NDArray[Any]] = []

    def add(self, values: list[str], codes: NDArray[Any]) -> None:
        self._common.extend(map(self._number, values))
        self._sizes.append(len(values))
        self._parts.append(codes)

    def joined(self, counts: NDArray[np.int64]) -> NDArray[np.uint32]:
        common = np.frombuffer(self._common, np.uint32)
        sizes = np.array(self._sizes, np.int64)
        offsets = (np.cumsum(sizes) - sizes).astype(np.uint32)
        codes: NDArray[np.uint32] = common[
            _joined(self._parts, np.uint32) + np.repeat(offsets, counts)
        ]
        return codes


def _column(data: bytes, rows: int) -> NDArray[Any]:
    return np.frombuffer(data, _DTYPES[len(data) // rows])


def _joined(parts: list[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts, dtype=dtype) if parts else np.zeros(0, dtype)
