"""Blocks: named arrays of one day and kind, sealed (docs/data-model.md).

Whole numbers are stored in the narrowest unsigned width that holds them; flags as bits.
"""

from enum import Enum
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.sealing import seal, unseal

Arrays = dict[str, NDArray[Any]]
_BITS: Final = "bits"


class BlockKind(Enum):
    """What a block holds; readers load the kinds they need and no others."""

    CORE = "core"
    TIME = "time"
    WHO = "who"
    CUBE = "cube"
    PATHS = "paths"
    SLOTS = "slots"
    EVENT_INDEX = "event_index"
    EVENTS = "events"
    RECORDS = "records"
    CHANGES = "changes"
    CARRY = "carry"
    PEOPLE = "people"
    ANONYMOUS = "anonymous"
    MONTH_CORE = "month_core"
    MONTH_LOGINS = "month_logins"
    MONTH_PRESENT = "month_present"
    MONTH_TIME = "month_time"
    MONTH_FEATURES = "month_features"
    MONTH_WEEKS = "month_weeks"
    MONTH_HIT_INDEX = "month_hit_index"
    MONTH_HITS = "month_hits"
    MONTH_NAMES = "month_names"
    MONTH_CHANGES = "month_changes"
    ROSTER = "numbered_roster"
    ALIASES = "aliases"
    ARRIVALS = "arrivals"


class _Column(msgspec.Struct, array_like=True):
    """An array; its bytes are read where they are in the block, and not copied."""

    kind: str
    shape: list[int]
    data: memoryview


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, _Column])


def write_block(arrays: Arrays) -> bytes:
    """Seal named arrays of flags or of non-negative whole numbers. The same arrays give the same
    bytes.
    """
    return seal(_encoder.encode({name: _column(array) for name, array in arrays.items()}))


def read_block(body: bytes) -> Arrays:
    """The arrays of a sealed block; numbers in their stored width."""
    columns: dict[str, _Column] = _decoder.decode(unseal(body))
    return {name: _array(column) for name, column in columns.items()}


def read_bits(body: bytes) -> Arrays:
    """The arrays of a sealed block with flags as they are stored: eight a byte along the last axis,
    most significant first. Whoever unites sets of people need not unpack them.
    """
    columns: dict[str, _Column] = _decoder.decode(unseal(body))
    return {name: _packed(column) for name, column in columns.items()}


def _column(array: NDArray[Any]) -> _Column:
    if array.dtype == np.bool_:
        return _Column(_BITS, list(array.shape), memoryview(np.packbits(array, axis=-1).tobytes()))
    dtype = np.min_scalar_type(int(array.max(initial=0))).newbyteorder("<")
    return _Column(dtype.str, list(array.shape), memoryview(array.astype(dtype).tobytes()))


def _packed(column: _Column) -> NDArray[Any]:
    if column.kind == _BITS:
        *rows, length = column.shape
        return np.frombuffer(column.data, np.uint8).reshape(*rows, -(-length // 8))
    return _array(column)


def _array(column: _Column) -> NDArray[Any]:
    if column.kind == _BITS:
        *rows, length = column.shape
        packed = np.frombuffer(column.data, np.uint8).reshape(*rows, -(-length // 8))
        return np.unpackbits(packed, axis=-1, count=length).view(np.bool_)
    return np.frombuffer(column.data, np.dtype(column.kind)).reshape(column.shape)
