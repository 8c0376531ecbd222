"""The roster as a block: user ids and, for every attribute, its changes as columns."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.roster import AttributeHistory, Roster


class _History(msgspec.Struct):
    values: list[str]
    user: bytes
    at_ms: bytes
    code: bytes


class _RosterBlock(msgspec.Struct):
    user_ids: list[str]
    attributes: dict[str, _History]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_RosterBlock)


def write_roster(roster: Roster) -> bytes:
    """Seal a roster; the same roster gives the same bytes."""
    attributes = {
        name: _History(
            history.values, _column(history.user), _column(history.at_ms), _column(history.code)
        )
        for name, history in roster.attributes.items()
    }
    return seal(_encoder.encode(_RosterBlock(roster.user_ids, attributes)))


def read_roster(body: bytes) -> Roster:
    """The roster of a sealed block."""
    block = _decoder.decode(unseal(body))
    attributes = {
        name: AttributeHistory(
            history.values, _array(history.user), _array(history.at_ms), _array(history.code)
        )
        for name, history in block.attributes.items()
    }
    return Roster(block.user_ids, attributes)


def _column(array: NDArray[np.int64]) -> bytes:
    return array.astype("<i8").tobytes()


def _array(column: bytes) -> NDArray[np.int64]:
    return np.frombuffer(column, "<i8")
