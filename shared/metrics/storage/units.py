"""Packs of a unit (a tenant's local day, or its directory), their fence and their dirty marks.

No clock is trusted (docs/architecture.md): a fold moves the fence of the unit forward and lists
the packs up to it; whoever puts a pack looks at the fence afterwards, and if it has reached the
minute in the pack's key, the fold may have missed the pack, so it is put again behind the fence.
The mark comes after the pack, so what is marked can be found.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from shared.metrics.columns.packs import write_packs
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.storage import keys
from shared.metrics.storage.ports import MAX_ITEM_BYTES, Item, Key, Store, Table

MILLISECONDS_A_MINUTE: Final = 60_000
_MAX_PUTS: Final = 5
_MAX_CONFIRMED_MARKS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A reason to fold a unit: packs were put in `minute`, or (None) its carry-in has changed."""

    key: Key
    tenant: str
    unit: str
    minute: int | None


@dataclass(frozen=True, slots=True)
class StoredPack:
    """A pack and the minute in its key."""

    minute: int
    name: str
    body: bytes


class Units:
    """The packs, fences and marks of one tenant and generation."""

    def __init__(self, store: Store, tenant: str, generation: int) -> None:
        self._store = store
        self._tenant = tenant
        self._generation = generation

    def put(
        self,
        events: Mapping[str, list[Event]],
        *,
        request_id: str,
        clock: Callable[[], int],
        confirmed: "ConfirmedMarks",
        beside: Iterable[Item] = (),
    ) -> None:
        """Make the events of one delivery durable, and their units dirty; `beside` with the packs.

        When this returns they may be acknowledged. StorageUnavailableError otherwise.
        """
        minute = clock() // MILLISECONDS_A_MINUTE
        bodies = {unit: write_packs(rows, MAX_ITEM_BYTES) for unit, rows in events.items()}
        put_in = dict.fromkeys(bodies, minute)
        self._store.put_many([*self._packs(bodies, put_in, request_id), *beside])
        pending = list(bodies)
        for _ in range(_MAX_PUTS):
            pending = self._moved_behind_fence(pending, put_in)
            if not pending:
                break
            again = {unit: bodies[unit] for unit in pending}
            self._store.put_many(self._packs(again, put_in, request_id))
        else:
            message = "the fence moved faster than packs could be put behind it; send again"
            raise StorageUnavailableError(message)
        self._mark(put_in, confirmed)

    def packs(
        self, unit: str, *, through: int | None = None, after: int | None = None
    ) -> list[StoredPack]:
        """The packs of a unit put in the minutes after `after` and up to `through`.

        A pack that was put again behind the fence is the same pack: it is there once.
        """
        partition = keys.packs_partition(self._tenant, self._generation, unit)
        first = "" if after is None else keys.minute_part(after + 1)
        last = None if through is None else keys.up_to(keys.minute_part(through))
        found: dict[str, StoredPack] = {}
        for item in self._store.query(Table.EVENTS, partition, first, last):
            minute, _, name = item.key.sort.partition("#")
            found.setdefault(name, StoredPack(int(minute), name, item.body))
        return list(found.values())

    def move_fence(self, unit: str, minute: int) -> int:
        """Move the fence to `minute`, or leave it if it is further; answers where it is."""
        key = keys.fence_key(self._tenant, unit)
        while True:
            item = self._store.get(key)
            if item is not None and int(item.body) >= minute:
                return int(item.body)
            version = None if item is None else item.version
            moved = Item(key, str(minute).encode(), version=(version or 0) + 1)
            if self._store.put_if(moved, expected_version=version):
                return minute

    def marks(self, unit: str | None = None) -> list[Mark]:
        """The dirty marks of a unit, or of all units."""
        prefix = keys.marks_prefix(self._tenant, unit)
        partition = keys.marks_partition(self._tenant)
        found = self._store.query(Table.EVENTS, partition, prefix, keys.up_to(prefix))
        return [mark_of(item) for item in found]

    def mark_carry(self, unit: str, token: str) -> None:
        """Mark a unit because the sessions handed over to it have changed."""
        key = keys.carry_mark_key(self._tenant, unit, token)
        self._store.put_many([Item(key, self._tenant.encode())])

    def mark_minute(self, unit: str, minute: int) -> None:
        """Mark a unit whose packs of a minute are not yet folded."""
        key = keys.minute_mark_key(self._tenant, unit, minute)
        self._store.put_many([Item(key, self._tenant.encode())])

    def clear(self, marks: Iterable[Mark]) -> None:
        """Delete marks whose reason has been dealt with."""
        self._store.delete_many([mark.key for mark in marks])

    def _packs(
        self, bodies: Mapping[str, list[bytes]], put_in: Mapping[str, int], request_id: str
    ) -> list[Item]:
        return [
            Item(self._pack_key(unit, put_in[unit], body, request_id), body)
            for unit, packs in bodies.items()
            for body in packs
        ]

    def _pack_key(self, unit: str, minute: int, body: bytes, request_id: str) -> Key:
        content = blake2b(body, digest_size=12).hexdigest()
        return keys.pack_key(self._tenant, self._generation, unit, minute, content, request_id)

    def _moved_behind_fence(self, units: list[str], put_in: dict[str, int]) -> list[str]:
        """The units whose fence has reached their packs, with the minute to put them in now."""
        fence_of = {keys.fence_key(self._tenant, unit): unit for unit in units}
        overtaken = []
        for key, item in self._store.get_many(list(fence_of)).items():
            unit, fence = fence_of[key], int(item.body)
            if fence >= put_in[unit]:
                put_in[unit] = fence + 1
                overtaken.append(unit)
        return overtaken

    def _mark(self, put_in: Mapping[str, int], confirmed: "ConfirmedMarks") -> None:
        wanted = [keys.minute_mark_key(self._tenant, unit, at) for unit, at in put_in.items()]
        missing = [key for key in wanted if key not in confirmed]
        self._store.put_many([Item(key, self._tenant.encode()) for key in missing])
        confirmed.add(missing)


class ConfirmedMarks:
    """The marks that this process knows to have been written: at most one write a minute each."""

    def __init__(self) -> None:
        self._keys: set[Key] = set()

    def __contains__(self, key: Key) -> bool:
        """Whether this process has had the write of that mark confirmed."""
        return key in self._keys

    def add(self, written: Iterable[Key]) -> None:
        """Remember confirmed marks; old ones are forgotten, which costs a write at most."""
        if len(self._keys) > _MAX_CONFIRMED_MARKS:
            self._keys = set()
        self._keys.update(written)


def mark_of(item: Item) -> Mark:
    """A mark from its item; the tenant is in the body, because a key may hold only its hash."""
    _, unit, *reason = item.key.sort.split("#")
    minute = int(reason[0]) if len(reason) == 1 else None
    return Mark(item.key, item.body.decode(), unit, minute)


def all_marks(store: Store) -> list[Mark]:
    """The dirty marks of all tenants."""
    return [
        mark_of(item)
        for shard in range(keys.MARK_SHARDS)
        for item in store.query(Table.EVENTS, keys.marks_shard(shard))
    ]
