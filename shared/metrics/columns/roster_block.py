"""The roster as a block: user ids, their person numbers and, for every attribute, its changes as
columns. Each part is sealed by itself, so that an answer decodes only what it looks at.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import read_block, write_block
from shared.metrics.columns.sealing import FORMAT_VERSION, UnknownFormatError, seal, unseal
from shared.metrics.domain.roster import AttributeHistory, Roster


class _History(msgspec.Struct):
    values: bytes
    changes: bytes


class _RosterBlock(msgspec.Struct):
    people: int
    user_ids: bytes
    numbers: bytes
    attributes: dict[str, _History]


class NumberedRoster(NamedTuple):
    """A roster, and the person number of each of its user ids."""

    roster: Roster
    numbers: NDArray[np.int64]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_RosterBlock)
_names = msgspec.msgpack.Decoder(list[str])


def write_roster(roster: Roster, numbers: Sequence[int]) -> bytes:
    """The bytes of a roster; the same one with the same numbers gives the same bytes."""
    block = _RosterBlock(
        people=len(roster.user_ids),
        user_ids=seal(_encoder.encode(list(roster.user_ids))),
        numbers=write_block({"number": np.array(numbers, np.int64)}),
        attributes={name: _written(history) for name, history in roster.attributes.items()},
    )
    return bytes((FORMAT_VERSION,)) + _encoder.encode(block)


def read_roster(body: bytes) -> NumberedRoster:
    """The roster of a block. Its names and its attributes are decoded when they are looked at."""
    if body[0] != FORMAT_VERSION:
        message = f"unknown roster version {body[0]}; this program reads {FORMAT_VERSION}"
        raise UnknownFormatError(message)
    block = _decoder.decode(memoryview(body)[1:])
    roster = Roster(_Names(block.user_ids, block.people), _Histories(block.attributes))
    return NumberedRoster(roster, read_block(block.numbers)["number"].astype(np.int64))


def _written(history: AttributeHistory) -> _History:
    changes = {"user": history.user, "at_ms": history.at_ms, "code": history.code + 1}
    return _History(seal(_encoder.encode(history.values)), write_block(changes))


class _Names(Sequence[str]):
    """Names that are decoded when the first of them is looked at."""

    def __init__(self, sealed: bytes, count: int) -> None:
        self._sealed = sealed
        self._count = count

    @cached_property
    def _decoded(self) -> list[str]:
        names: list[str] = _names.decode(unseal(self._sealed))
        return names

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        return self._decoded[at]

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoded)


class _Histories(Mapping[str, AttributeHistory]):
    """Histories that are decoded when they are looked at."""

    def __init__(self, stored: Mapping[str, _History]) -> None:
        self._stored = stored
        self._decoded: dict[str, AttributeHistory] = {}

    def __getitem__(self, attribute: str) -> AttributeHistory:
        found = self._decoded.get(attribute)
        if found is None:
            stored = self._stored[attribute]
            changes = read_block(stored.changes)
            found = self._decoded[attribute] = AttributeHistory(
                values=_names.decode(unseal(stored.values)),
                user=changes["user"].astype(np.int64),
                at_ms=changes["at_ms"].astype(np.int64),
                code=changes["code"].astype(np.int64) - 1,
            )
        return found

    def __len__(self) -> int:
        return len(self._stored)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)
