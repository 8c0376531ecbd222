"""Blocks of units, written under the attempt that made them and split into parts."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.storage import keys
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Item, Key, Store, Table


class MissingBlockError(Exception):
    """A part that a manifest names is not there: the manifest has been replaced; read it again."""


class Blocks:
    """The blocks of one tenant and generation."""

    def __init__(self, store: Store, tenant: str, generation: int) -> None:
        self._store = store
        self._tenant = tenant
        self._generation = generation

    def begin(self, unit: str, attempt: str) -> None:
        """Enter an attempt in the ledger, before it writes anything, so that it can be deleted."""
        key = keys.attempt_key(self._tenant, self._generation, attempt)
        self._store.put_many([Item(key, unit.encode())])

    def write(self, unit: str, attempt: str, bodies: Mapping[BlockKind, bytes]) -> dict[str, int]:
        """Write blocks under an attempt; answers the number of parts of each kind."""
        items = []
        parts = {}
        for kind, body in bodies.items():
            pieces = [body[at : at + MAX_ITEM_BYTES] for at in range(0, len(body), MAX_ITEM_BYTES)]
            parts[kind.value] = len(pieces)
            items += [
                Item(self._key(kind.value, unit, attempt, part), piece)
                for part, piece in enumerate(pieces)
            ]
        self._store.put_many(items)
        return parts

    def read(self, kind: BlockKind, attempts: Mapping[str, tuple[str, int]]) -> dict[str, bytes]:
        """The blocks of a kind by unit, given the attempt and number of parts of each unit.

        One query from the first unit to the last; attempts that are not asked for are dropped.
        """
        if not attempts:
            return {}
        partition = keys.blocks_partition(self._tenant, self._generation, kind.value)
        first, last = min(attempts), keys.up_to(max(attempts))
        found = self._store.query(Table.METRICS, partition, first, last)
        blocks = {}
        for (unit, attempt), pieces in groupby(_named(found), key=lambda named: named[0]):
            wanted = attempts.get(unit)
            if wanted is not None and wanted[0] == attempt:
                bodies = [body for _, body in pieces]
                if len(bodies) == wanted[1]:
                    blocks[unit] = b"".join(bodies)
        if len(blocks) < len(attempts):
            missing = sorted(attempts.keys() - blocks.keys())
            raise MissingBlockError(f"{kind.value} of {missing[0]}")
        return blocks

    def attempts(self) -> Iterator[tuple[str, str]]:
        """Every attempt in the ledger and the unit it was of, oldest first."""
        key = keys.attempt_key(self._tenant, self._generation, "")
        for item in self._store.query(key.table, key.partition):
            yield item.key.sort, item.body.decode()

    def delete(self, unit: str, attempt: str) -> None:
        """Delete everything that an attempt wrote, then its entry in the ledger."""
        for kind in BlockKind:
            partition = keys.blocks_partition(self._tenant, self._generation, kind.value)
            prefix = keys.attempt_prefix(unit, attempt)
            found = self._store.query(Table.METRICS, partition, prefix, keys.up_to(prefix))
            self._store.delete_many([item.key for item in found])
        self._store.delete_many([keys.attempt_key(self._tenant, self._generation, attempt)])

    def _key(self, kind: str, unit: str, attempt: str, part: int) -> Key:
        return keys.block_key(self._tenant, self._generation, kind, unit, attempt, part)


def _named(items: Iterator[Item]) -> Iterator[tuple[tuple[str, str], bytes]]:
    for item in items:
        unit, attempt, _ = item.key.sort.split("#")
        yield (unit, attempt), item.body
