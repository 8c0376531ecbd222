"""The manifest of a unit: the one item whose write makes a fold visible."""

import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.sealing import FORMAT_VERSION, UnknownFormatError
from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.rollups import DayRollup
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store, Table
from shared.metrics.storage.restatements import RestatedDay

NO_CARRY: Final = b""
LAYOUT: Final = 3
"""The arrays of blocks as this program writes and reads them. A day of another layout is folded
again, and until then answered from its packs."""


class DaySums(msgspec.Struct, frozen=True):
    """A day as a whole. `feature_bits` says by number which features were hit, eight a byte, least
    significant first: months of them are put side by side without a loop. `feature_hits` has the
    hits of each of those, in that order, four bytes each, little-endian.
    """

    hits: int = 0
    logins: int = 0
    active: int = 0
    sessions: int = 0
    single_event_sessions: int = 0
    session_ms: int = 0
    feature_bits: bytes = b""
    feature_hits: bytes = b""

    @property
    def features(self) -> list[int]:
        """The numbers of the features that were hit."""
        return features_of(self.feature_bits)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is visible of a unit: the blocks of one attempt, and what they were made from.

    `parts` has the number of parts of each kind of block. `people`, `features` and `paths` are how
    many names the dictionaries must have to read the blocks. `inputs` is a digest of the packs.
    `features_by_source`: of each source with any hit, which features it had hits of, in bits as in
    `DaySums`. `changes_counted` has in such bits the features whose changes were counted as hits,
    `shadowed` how many actions and changes were not. `anonymous_hits` are of nobody known.
    `aliases` is a digest of which ids are joined, as far as that was known. `restated` is what this
    fold has changed of a final day. `has_integrations` is of the directory: False if no account in
    it is, or was, an integration's.
    """

    attempt: str
    folded_through: int
    inputs: bytes
    definition_version: str = DEFINITION_VERSION
    layout: int = 1
    parts: dict[str, int] = {}
    rows: int = 0
    duplicates: int = 0
    late: int = 0
    rows_by_source: dict[str, int] = {}
    features_by_source: dict[str, bytes] = {}
    unattributed_changes: int = 0
    shadowed: int = 0
    anonymous_hits: int = 0
    aliases: bytes = b""
    changes_counted: bytes = b""
    people: int = 0
    features: int = 0
    paths: int = 0
    has_integrations: bool = True
    carry_in: bytes = NO_CARRY
    carry_out: bytes = NO_CARRY
    sums: DaySums = DaySums()
    restated: RestatedDay | None = None

    def has(self, kind: BlockKind) -> bool:
        """Whether there is a block of a kind."""
        return kind.value in self.parts

    def parts_of(self, kind: BlockKind) -> int:
        """The number of parts of a kind of block that there is."""
        return self.parts[kind.value]

    @property
    def is_compacted(self) -> bool:
        """Whether its hits can be read one by one from blocks; before a day is over they are not
        written, and must be read from packs.
        """
        return BlockKind.EVENT_INDEX.value in self.parts


class StoredManifest(NamedTuple):
    """A manifest and the version of its item, which no other manifest of the unit ever has."""

    manifest: Manifest
    version: int


def day_sums(rollup: DayRollup, feature_numbers: list[int]) -> DaySums:
    """The sums of a roll-up; `feature_numbers` are those of its features."""
    hits_of = dict.fromkeys(sorted(feature_numbers), 0)
    by_feature = rollup.cube.hits_by_row(len(feature_numbers))
    for number, hits in zip(feature_numbers, by_feature, strict=True):
        hits_of[number] += hits
    return DaySums(
        hits=int(rollup.hits.sum()),
        logins=int(rollup.logins.sum()),
        active=int(rollup.present.sum()),
        sessions=int(rollup.sessions.sum()),
        single_event_sessions=int(rollup.single_event_sessions.sum()),
        session_ms=int(rollup.session_ms.sum()),
        feature_bits=bits_of(feature_numbers),
        feature_hits=struct.pack(f"<{len(hits_of)}I", *hits_of.values()),
    )


def features_by_source(rollup: DayRollup, feature_numbers: list[int]) -> dict[str, bytes]:
    """That field of a manifest; `feature_numbers` are those of the roll-up's features."""
    number = dict(zip(rollup.features, feature_numbers, strict=True))
    return {
        source: bits_of([number[feature] for feature in features])
        for source, features in rollup.fed.items()
    }


def features_of(bits: bytes) -> list[int]:
    """The numbers of the features in bits such as those of `bits_of`."""
    number = int.from_bytes(bits, "little")
    return [at for at in range(number.bit_length()) if number >> at & 1]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Manifest)


def bits_of(numbers: list[int]) -> bytes:
    """Which numbers there are, eight a byte, least significant first."""
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits.to_bytes(-(-bits.bit_length() // 8), "little")


def read_manifest(body: bytes) -> Manifest:
    """A manifest from its item's body; UnknownFormatError if a newer program wrote it."""
    if body[0] != FORMAT_VERSION:
        message = f"unknown manifest version {body[0]}; this program reads {FORMAT_VERSION}"
        raise UnknownFormatError(message)
    return _decoder.decode(memoryview(body)[1:])


def digest_of(parts: list[bytes]) -> bytes:
    """A short digest of byte strings in their order; empty for none."""
    if not parts:
        return b""
    whole = blake2b(digest_size=12)
    for part in parts:
        whole.update(len(part).to_bytes(4, "little") + part)
    return whole.digest()


class Manifests:
    """The manifests of one tenant and generation."""

    def __init__(self, store: Store, tenant: str, generation: int) -> None:
        self._store = store
        self._tenant = tenant
        self._generation = generation

    def get(self, unit: str) -> tuple[Manifest | None, int | None]:
        """The manifest of a unit and its version; (None, None) if it was never folded."""
        item = self._store.get(keys.manifest_key(self._tenant, self._generation, unit))
        return (None, None) if item is None else (read_manifest(item.body), item.version)

    def body(self, unit: str) -> bytes:
        """The stored manifest of a unit, not yet decoded; empty if it was never folded."""
        item = self._store.get(keys.manifest_key(self._tenant, self._generation, unit))
        return b"" if item is None else item.body

    def bodies(self, first_unit: str, last_unit: str) -> dict[str, bytes]:
        """The stored manifests of a range of units, not yet decoded."""
        partition = keys.manifests_partition(self._tenant, self._generation)
        found = self._store.query(Table.METRICS, partition, first_unit, last_unit)
        return {item.key.sort: item.body for item in found}

    def versions(self, first_unit: str, last_unit: str) -> dict[str, int]:
        """The versions of the manifests of a range of units; no two of a unit have the same."""
        partition = keys.manifests_partition(self._tenant, self._generation)
        return self._store.versions(Table.METRICS, partition, first_unit, last_unit)

    def bodies_of(self, units: Sequence[str]) -> dict[str, bytes]:
        """The stored manifests of some units."""
        wanted = [keys.manifest_key(self._tenant, self._generation, unit) for unit in units]
        return {key.sort: item.body for key, item in self._store.get_many(wanted).items()}

    def stored(self, first_unit: str, last_unit: str) -> dict[str, StoredManifest]:
        """The manifests of a range of units, each with its version."""
        partition = keys.manifests_partition(self._tenant, self._generation)
        found = self._store.query(Table.METRICS, partition, first_unit, last_unit)
        return {
            item.key.sort: StoredManifest(read_manifest(item.body), item.version) for item in found
        }

    def first_unit(self) -> str | None:
        """The earliest unit that was folded; days come before the directory."""
        partition = keys.manifests_partition(self._tenant, self._generation)
        found = self._store.query(Table.METRICS, partition)
        return next((item.key.sort for item in found), None)

    def all(self) -> dict[str, Manifest]:
        """The manifest of every unit."""
        bodies = self.bodies("", keys.up_to(""))
        return {unit: read_manifest(body) for unit, body in bodies.items()}

    def publish(self, unit: str, manifest: Manifest, *, expected_version: int | None) -> bool:
        """Make a fold visible if the manifest is still the one the fold began with."""
        body = bytes((FORMAT_VERSION,)) + _encoder.encode(manifest)
        key = keys.manifest_key(self._tenant, self._generation, unit)
        item = Item(key, body, version=(expected_version or 0) + 1)
        return self._store.put_if(item, expected_version=expected_version)
