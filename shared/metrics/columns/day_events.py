"""The hits of a day one by one, path by path: what funnels, records and sessions of a feature are
counted from (docs/data-model.md).

A block holds one sealed segment for each path, so that a reader decodes only the paths that a
question is about; an index says where each segment is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, read_block, write_block
from shared.metrics.columns.sealing import seal, unseal

_NAME_BYTES: Final = 16
NO_NAME: Final = np.zeros(2, "<u8")
"""The identity of an absent record or account."""


@dataclass(frozen=True, slots=True)
class DayEvents:
    """Every hit of a day, in no order. `path` and `person` index the roll-up's lists; `record` and
    `account` index `names`, which may hold the empty one. Times are milliseconds UTC.
    """

    path: NDArray[np.int64]
    person: NDArray[np.int64]
    times_ms: NDArray[np.int64]
    session: NDArray[np.int64]
    record: NDArray[np.int64]
    account: NDArray[np.int64]
    names: list[str]


@dataclass(frozen=True, slots=True)
class PathEvents:
    """The hits of one path, or of several, with people by number. `record` and `account` are n × 2
    halves of 128-bit identities (`identities_of`), zero for none. Times are milliseconds UTC.
    """

    person: NDArray[np.int64]
    times_ms: NDArray[np.int64]
    session: NDArray[np.int64]
    record: NDArray[np.uint64]
    account: NDArray[np.uint64]

    def __len__(self) -> int:
        """Number of hits."""
        return len(self.person)

    def rows(self, wanted: NDArray[np.bool_] | NDArray[np.int64]) -> "PathEvents":
        """Some of the hits, by mask or by index."""
        return PathEvents(*(getattr(self, column.name)[wanted] for column in fields(self)))

    @staticmethod
    def joined(parts: Sequence["PathEvents"]) -> "PathEvents":
        """The hits of all parts."""
        if not parts:
            return _NOTHING
        return PathEvents(
            *(
                np.concatenate([getattr(part, column.name) for part in parts])
                for column in fields(PathEvents)
            )
        )


_NO_NUMBERS: Final = np.zeros(0, np.int64)
_NO_NAMES: Final = np.zeros((0, 2), np.uint64)
_NOTHING: Final = PathEvents(_NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NAMES, _NO_NAMES)


def identities_of(names: Sequence[str]) -> NDArray[np.uint64]:
    """A 128-bit identity of each name, as n × 2 halves; zero for the empty name."""
    digests = b"".join(
        blake2b(name.encode(errors="surrogatepass"), digest_size=_NAME_BYTES).digest()
        if name
        else bytes(_NAME_BYTES)
        for name in names
    )
    return np.frombuffer(digests, "<u8").astype(np.uint64).reshape(-1, 2)


def by_path(
    events: DayEvents, person_numbers: Sequence[int], path_numbers: Sequence[int]
) -> dict[int, PathEvents]:
    """The hits by path number, those of each path in order of time, person, record and account."""
    if not len(events.path):
        return {}
    identity = identities_of(events.names)
    number = np.array(path_numbers, np.int64)[events.path]
    person = np.array(person_numbers, np.int64)[events.person]
    order = _in_order(number, events.times_ms, person, events, identity)
    whole = PathEvents(
        person=person[order],
        times_ms=events.times_ms[order],
        session=events.session[order],
        record=identity[events.record[order]],
        account=identity[events.account[order]],
    )
    number = number[order]
    starts = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    ends = np.append(starts[1:], len(number))
    return {
        int(number[start]): whole.rows(np.arange(start, end))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    }


def _in_order(
    number: NDArray[np.int64],
    times_ms: NDArray[np.int64],
    person: NDArray[np.int64],
    events: DayEvents,
    identity: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """The hits by path, time, person, record and account: one sort by path and time, and a slower
    one of the few that have both in common.
    """
    base_ms = int(times_ms.min())
    time_bits = int(times_ms.max() - base_ms).bit_length()
    keys = (number << time_bits) | (times_ms - base_ms)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    same = keys[1:] == keys[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(tied):
        rows = order[tied]
        # The order of identities, which unlike that of `names` does not depend on other rows.
        rank = np.empty(len(identity), np.int64)
        rank[np.lexsort((identity[:, 1], identity[:, 0]))] = np.arange(len(identity))
        ids = (rank[events.account[rows]], rank[events.record[rows]])
        order[tied] = rows[np.lexsort((*ids, person[rows], keys[tied]))]
    return order


def write_segments(found: Mapping[int, PathEvents], start_ms: int) -> tuple[Arrays, bytes]:
    """The index of a day's segments, and the segments; `start_ms` is when the day begins."""
    numbers = sorted(found)
    segments = [_write_segment(found[number], start_ms) for number in numbers]
    index = {
        "number": np.array(numbers, np.int64),
        "rows": np.array([len(found[number]) for number in numbers], np.int64),
        "end": np.cumsum([len(segment) for segment in segments], dtype=np.int64),
    }
    return index, b"".join(segments)


def read_segment(body: bytes, start_ms: int) -> PathEvents:
    """The hits of a sealed segment."""
    arrays = read_block(body)
    rows = len(arrays["person"])
    none = np.broadcast_to(NO_NAME, (rows, 2))
    return PathEvents(
        person=arrays["person"].astype(np.int64),
        times_ms=np.cumsum(arrays["time"], dtype=np.int64) + start_ms,
        session=arrays["session"].astype(np.int64),
        record=arrays.get("record", none),
        account=arrays.get("account", none),
    )


def _write_segment(events: PathEvents, start_ms: int) -> bytes:
    arrays: Arrays = {
        "person": events.person,
        "time": np.diff(events.times_ms, prepend=start_ms),
        "session": events.session,
    }
    if events.record.any():
        arrays["record"] = events.record
    if events.account.any():
        arrays["account"] = events.account
    return write_block(arrays)


def write_names(names: Sequence[str]) -> bytes:
    """The names of a day's records and accounts, sealed."""
    return seal(msgspec.msgpack.encode(sorted(set(names) - {""})))


def read_names(body: bytes) -> list[str]:
    """The names of a sealed block."""
    return msgspec.msgpack.decode(unseal(body), type=list[str])
