"""What the manifests of a month's days say, side by side: one item spares reading thirty.

It holds for the days whose manifests still have the versions in it; of any other day the manifest
is read.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.storage.manifests import DaySums, Manifest, StoredManifest

MEASURES: Final = (
    "hits",
    "logins",
    "active",
    "sessions",
    "single_event_sessions",
    "session_ms",
)
"""The rows of `sums`: those fields of `DaySums` that are numbers."""


class MonthIndex(msgspec.Struct, frozen=True, kw_only=True):
    """The manifests of some days, one entry a day in their order.

    `parts` is by kind of block, two bytes a day, little-endian, 0 where a day has none; `sums` is
    MEASURES × days, eight bytes each, signed. `people`, `features` and `paths` are the largest of
    any day. Features by day are in a block of their own.
    """

    versions: list[int]
    carry_in: list[bytes]
    carry_out: list[bytes]
    aliases: list[bytes]
    changes_counted: list[bytes]
    parts: dict[str, bytes]
    sums: bytes
    people: int
    features: int
    paths: int

    def days(self, name: str, attempts: Iterable[str]) -> "Iterator[IndexedDay]":
        """The days of the index, which is that of a month of a name, and was taken from these
        attempts.
        """
        rows = range(len(self.versions))
        columns = (self.carry_in, self.carry_out, self.aliases, self.changes_counted)
        return map(IndexedDay, attempts, *columns, repeat(name), repeat(self), rows)

    def sums_by_day(self) -> NDArray[np.int64]:
        """MEASURES × days."""
        return np.frombuffer(self.sums, "<i8").reshape(len(MEASURES), len(self.versions))


class IndexedDay(NamedTuple):
    """A day as a month's index has it: as much of its manifest as readers of its blocks need."""

    attempt: str
    carry_in: bytes
    carry_out: bytes
    aliases: bytes
    changes_counted: bytes
    month: str
    whole: MonthIndex
    row: int

    @property
    def people(self) -> int:
        """How many names the dictionary of people must have to read the blocks; some more will
        do.
        """
        return self.whole.people

    @property
    def features(self) -> int:
        """Likewise of features."""
        return self.whole.features

    def has(self, kind: BlockKind) -> bool:
        """Whether there is a block of a kind."""
        return self._parts_of(kind) > 0

    def parts_of(self, kind: BlockKind) -> int:
        """The number of parts of a kind of block that there is."""
        number = self._parts_of(kind)
        if not number:
            raise KeyError(kind.value)
        return number

    @property
    def is_compacted(self) -> bool:
        """Whether its hits can be read one by one from blocks."""
        return self.has(BlockKind.EVENT_INDEX)

    def _parts_of(self, kind: BlockKind) -> int:
        of_days = self.whole.parts.get(kind.value, b"")
        return int.from_bytes(of_days[2 * self.row : 2 * self.row + 2], "little")


PublishedDay = Manifest | IndexedDay
"""Both say what published a day, of how many parts its blocks are, and what it hands over."""


def month_index(days: Sequence[StoredManifest]) -> MonthIndex:
    """The index of some days."""
    manifests = [stored.manifest for stored in days]
    kinds = sorted({kind for manifest in manifests for kind in manifest.parts})
    sums = [[getattr(manifest.sums, name) for manifest in manifests] for name in MEASURES]
    return MonthIndex(
        versions=[stored.version for stored in days],
        carry_in=[manifest.carry_in for manifest in manifests],
        carry_out=[manifest.carry_out for manifest in manifests],
        aliases=[manifest.aliases for manifest in manifests],
        changes_counted=[manifest.changes_counted for manifest in manifests],
        parts={
            kind: np.array([each.parts.get(kind, 0) for each in manifests], "<u2").tobytes()
            for kind in kinds
        },
        sums=np.array(sums, "<i8").tobytes(),
        people=max(manifest.people for manifest in manifests),
        features=max(manifest.features for manifest in manifests),
        paths=max(manifest.paths for manifest in manifests),
    )


def feature_hits(days: Sequence[DaySums]) -> NDArray[np.int64]:
    """Days × features, by number: the hits of each, and 0 for those that had none."""
    width = max((len(sums.feature_bits) for sums in days), default=0)
    packed = np.frombuffer(
        b"".join(sums.feature_bits.ljust(width, b"\0") for sums in days), np.uint8
    ).reshape(len(days), width)
    used = np.unpackbits(packed, axis=1, bitorder="little").astype(bool)
    table = np.zeros(used.shape, np.int64)
    table[used] = np.frombuffer(b"".join(sums.feature_hits for sums in days), "<u4")
    return table
