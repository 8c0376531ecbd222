"""Packs of a unit (a tenant's local day, or its directory), their fence and their dirty marks.

No clock is trusted (docs/architecture.md): a fold moves the fence of the unit forward and lists
the packs up to it; whoever puts a pack looks at the fence afterwards, and if it has reached the
minute in the pack's key, the fold may have missed the pack, so it is put again behind the fence.
The packs of a unit of a hot tenant lie in several partitions, each of which is listed after the
fence has moved. The mark comes after the pack, so what is marked can be found. Last of all, whoever
has put packs asks whether their generation has a successor, into which they must go as well.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import LocalCalendar
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Key, Store, Table
from shared.metrics.storage.splitting import NamedPack, UnitPacks, packs_of, split_again
from shared.metrics.storage.tenants import TenantStore

MILLISECONDS_A_MINUTE: Final = 60_000
_MAX_PUTS: Final = 5
_MAX_SUCCESSORS: Final = 5
_MAX_CONFIRMED_MARKS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A reason to fold a unit: packs were put in `minute`, or (None) its carry-in has changed."""

    key: Key
    tenant: str
    generation: int
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

    def __init__(self, store: Store, tenant: str, generation: int, shards: int = 1) -> None:
        """`shards` are those of the tenant's settings, and needed by whoever looks at packs."""
        self._store = store
        self._tenant = tenant
        self._generation = generation
        self._shards = shards

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

        When this returns they may be acknowledged. StorageUnavailableError otherwise. They are in
        every generation that is served or being built, though the caller may know an old one.
        """
        packs = {unit: packs_of(rows, request_id) for unit, rows in events.items()}
        if self.write(packs, clock=clock, confirmed=confirmed, beside=beside):
            self._write_into_successors(packs, clock, confirmed)

    def write(
        self,
        packs: UnitPacks,
        *,
        clock: Callable[[], int],
        confirmed: "ConfirmedMarks",
        beside: Iterable[Item] = (),
    ) -> bool:
        """Put packs into this generation alone, and mark their units. Answers whether afterwards
        it had a successor.
        """
        minute = clock() // MILLISECONDS_A_MINUTE
        put_in = dict.fromkeys(packs, minute)
        self._store.put_many([*self._items(packs, put_in), *beside])
        if not packs:
            return False
        pending = list(packs)
        for _ in range(_MAX_PUTS):
            pending, has_successor = self._look(pending, put_in)
            if not pending:
                break
            self._store.put_many(self._items({unit: packs[unit] for unit in pending}, put_in))
        else:
            message = "the fence moved faster than packs could be put behind it; send again"
            raise StorageUnavailableError(message)
        # A successor's builder looks for units that are marked or folded: only what was marked
        # before we asked can have been found.
        return self.has_successor() if self._mark(put_in, confirmed) else has_successor

    def packs(
        self, unit: str, *, through: int | None = None, after: int | None = None
    ) -> list[StoredPack]:
        """The packs of a unit put in the minutes after `after` and up to `through`.

        A pack that was put again behind the fence is the same pack: it is there once.
        """
        return list(self.each_pack(unit, through=through, after=after))

    def each_pack(
        self, unit: str, *, through: int | None = None, after: int | None = None
    ) -> Iterator[StoredPack]:
        """The same packs one by one, for who need not have all of them at once."""
        first = "" if after is None else keys.minute_part(after + 1)
        last = None if through is None else keys.up_to(keys.minute_part(through))
        seen: set[str] = set()
        for shard in range(self._shards):
            partition = keys.packs_partition(self._tenant, self._generation, unit, shard)
            for item in self._store.query(Table.EVENTS, partition, first, last):
                minute, _, name = item.key.sort.partition("#")
                if name not in seen:
                    seen.add(name)
                    yield StoredPack(int(minute), name, item.body)

    def move_fence(self, unit: str, minute: int) -> int:
        """Move the fence to `minute`, or leave it if it is further; answers where it is."""
        key = keys.fence_key(self._tenant, self._generation, unit)
        while True:
            item = self._store.get(key)
            if item is not None and int(item.body) >= minute:
                return int(item.body)
            version = None if item is None else item.version
            moved = Item(key, str(minute).encode(), version=(version or 0) + 1)
            if self._store.put_if(moved, expected_version=version):
                return minute

    def marks(self, unit: str | None = None) -> list[Mark]:
        """The dirty marks of a unit, or of all units, in this generation."""
        prefix = keys.marks_prefix(self._tenant, self._generation, unit)
        partition = keys.marks_partition(self._tenant)
        found = self._store.query(Table.EVENTS, partition, prefix, keys.up_to(prefix))
        return [mark_of(item) for item in found]

    def mark_carry(self, unit: str, token: str) -> None:
        """Mark a unit because the sessions handed over to it have changed."""
        key = keys.carry_mark_key(self._tenant, self._generation, unit, token)
        self._store.put_many([Item(key, self._tenant.encode())])

    def mark_minute(self, unit: str, minute: int) -> None:
        """Mark a unit whose packs of a minute are not yet folded."""
        key = keys.minute_mark_key(self._tenant, self._generation, unit, minute)
        self._store.put_many([Item(key, self._tenant.encode())])

    def clear(self, marks: Iterable[Mark]) -> None:
        """Delete marks whose reason has been dealt with."""
        self._store.delete_many([mark.key for mark in marks])

    def has_successor(self) -> bool:
        """Whether a generation that is to take the place of this one is known of."""
        return self._store.get(keys.successor_key(self._tenant, self._generation)) is not None

    def announce_successor(self, generation: int) -> None:
        """Have everyone who puts packs from now on put them into newer generations as well.

        What was put and marked before is there when this returns.
        """
        key = keys.successor_key(self._tenant, self._generation)
        self._store.put_many([Item(key, str(generation).encode())])

    def _write_into_successors(
        self, packs: UnitPacks, clock: Callable[[], int], confirmed: "ConfirmedMarks"
    ) -> None:
        """Put packs into every generation that is served or being built.

        They are split again as the builder of a generation splits them: where it has found them
        too, they are the same packs.
        """
        written = {self._generation: packs}
        newest = packs
        for _ in range(_MAX_SUCCESSORS):
            # Read after all writes: whatever generation comes later, its builder finds the packs.
            tenant = TenantStore(self._store).get(self._tenant)
            missing = [each for each in tenant.generations if each not in written]
            if not missing:
                return
            for generation in missing:
                newest = written.get(tenant.generation, newest)
                calendar = LocalCalendar(tenant.of_generation(generation).time_zone)
                newest = written[generation] = split_again(newest, calendar)
                units = Units(self._store, self._tenant, generation, self._shards)
                units.write(newest, clock=clock, confirmed=confirmed)
        message = "the tenant's settings changed faster than packs could follow; send again"
        raise StorageUnavailableError(message)

    def _items(self, packs: UnitPacks, put_in: Mapping[str, int]) -> list[Item]:
        return [
            Item(self._pack_key(unit, put_in[unit], pack), pack.body)
            for unit, of_unit in packs.items()
            for pack in of_unit
        ]

    def _pack_key(self, unit: str, minute: int, pack: NamedPack) -> Key:
        return keys.named_pack_key(
            self._tenant, self._generation, unit, minute, pack.name, self._shards
        )

    def _look(self, units: list[str], put_in: dict[str, int]) -> tuple[list[str], bool]:
        """The units whose fence has reached their packs, with the minute to put them in now; and
        whether there is a successor.
        """
        fence_of = {keys.fence_key(self._tenant, self._generation, unit): unit for unit in units}
        successor = keys.successor_key(self._tenant, self._generation)
        found = self._store.get_many([*fence_of, successor])
        has_successor = found.pop(successor, None) is not None
        overtaken = []
        for key, item in found.items():
            unit, fence = fence_of[key], int(item.body)
            if fence >= put_in[unit]:
                put_in[unit] = fence + 1
                overtaken.append(unit)
        return overtaken, has_successor

    def _mark(self, put_in: Mapping[str, int], confirmed: "ConfirmedMarks") -> bool:
        """Mark units; answers whether there was anything to write."""
        wanted = [
            keys.minute_mark_key(self._tenant, self._generation, unit, minute)
            for unit, minute in put_in.items()
        ]
        missing = [key for key in wanted if key not in confirmed]
        self._store.put_many([Item(key, self._tenant.encode()) for key in missing])
        confirmed.add(missing)
        return bool(missing)


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
    _, generation, unit, *reason = item.key.sort.split("#")
    minute = int(reason[0]) if len(reason) == 1 else None
    return Mark(item.key, item.body.decode(), int(generation), unit, minute)


def all_marks(store: Store) -> list[Mark]:
    """The dirty marks of all tenants."""
    return [
        mark_of(item)
        for shard in range(keys.MARK_SHARDS)
        for item in store.query(Table.EVENTS, keys.marks_shard(shard))
    ]
