"""Whom a day knows, and which ids are whose: what is needed to tell whether a day must be folded
again because ids were joined or parted.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

import msgspec
import numpy as np

from shared.metrics.columns.blocks import read_block, write_block
from shared.metrics.columns.sealing import seal, unseal
from shared.metrics.domain.identities import Identities

_IDENTITY_BYTES: Final = 16


class DayPeople(msgspec.Struct, frozen=True):
    """The people of a day: by number who did anything or had an open session, eight a byte, most
    significant first; and which ids counted for another one.
    """

    seen: bytes
    joined: dict[str, str]

    def has(self, number: int) -> bool:
        """Whether someone is among them."""
        byte, bit = divmod(number, 8)
        return byte < len(self.seen) and bool(self.seen[byte] >> (7 - bit) & 1)


_encoder = msgspec.msgpack.Encoder(order="sorted")
_decoder = msgspec.msgpack.Decoder(DayPeople)


def write_day_people(numbers: Sequence[int], joined: Mapping[str, str]) -> bytes:
    """Seal whom a day knows, by number; the same people give the same bytes."""
    seen = np.zeros(max(numbers, default=-1) + 1, bool)
    seen[list(numbers)] = True
    return seal(_encoder.encode(DayPeople(np.packbits(seen).tobytes(), dict(joined))))


def read_day_people(body: bytes) -> DayPeople:
    """The people of a sealed block."""
    return _decoder.decode(unseal(body))


def write_aliases(person_of: Mapping[str, str]) -> bytes:
    """Seal the ids for which others stand."""
    return seal(_encoder.encode(dict(person_of)))


def read_aliases(body: bytes) -> dict[str, str]:
    """The ids for which others stand, of a sealed block."""
    return msgspec.msgpack.decode(unseal(body), type=dict[str, str])


def write_anonymous(ids: Sequence[str]) -> bytes:
    """Seal the identities of unknown actors of a day; of the ids themselves nothing is kept."""
    halves = b"".join(blake2b(name.encode(), digest_size=_IDENTITY_BYTES).digest() for name in ids)
    return write_block({"identity": np.frombuffer(halves, "<u8").reshape(-1, 2).T})


def read_anonymous(body: bytes) -> Identities:
    """The identities in a sealed block, as 2 × n halves."""
    return read_block(body)["identity"].astype(np.uint64)
