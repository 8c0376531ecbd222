"""Replays: what of the quarantine is to be tried again, and how far that is.

A replay is asked for in one place and done in another, which looks for those that wait. Its record
stays for as long as what it may have left in quarantine.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from secrets import token_hex
from typing import Final, NamedTuple

import msgspec

from shared.metrics.domain.errors import BadInputError, NotFoundError
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store, Table
from shared.metrics.storage.quarantine import KEPT_SECONDS

MAX_ROWS_NAMED: Final = 1_000
MAX_WAITING: Final = 20
"""Replays of one tenant that wait at once."""

_END: Final = "\U0010ffff"


class ReplayState(Enum):
    """How far a replay is."""

    WAITING = "waiting"
    DONE = "done"


class Wanted(NamedTuple):
    """Which rows: those of a source, with a reason, or named by delivery and place; all of the
    conditions that are given.
    """

    source: str | None = None
    reason: str | None = None
    rows: tuple[tuple[str, int], ...] = ()

    def names(self) -> list[str]:
        """The deliveries of the rows that are named, in order."""
        return sorted({name for name, _ in self.rows})


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """A replay. `through` is the last delivery that it looks at, so that what is turned away
    meanwhile is left alone, and `position` the one that it has come to. `stored` and `remaining`
    count rows; what a worker did that died before it wrote them down is not in them.
    """

    replay_id: str
    tenant: str
    wanted: Wanted
    requested_by: str
    requested_at_ms: int
    through: str
    state: ReplayState = ReplayState.WAITING
    position: str = ""
    stored: int = 0
    remaining: int = 0
    finished_at_ms: int = 0


class StoredReplay(NamedTuple):
    """A replay and the version of its record."""

    replay: Replay
    version: int


class _Pointer(msgspec.Struct, frozen=True):
    tenant: str
    replay_id: str


class Replays:
    """The replays of a tenant."""

    def __init__(self, store: Store, tenant: str, clock: Callable[[], int]) -> None:
        """`clock` tells milliseconds UTC."""
        self._store = store
        self._tenant = tenant
        self._clock = clock

    def ask(self, wanted: Wanted, requested_by: str) -> Replay:
        """Ask for a replay, which a worker will see to. BadInputError for too much at once."""
        now_ms = self._clock()
        if len(wanted.rows) > MAX_ROWS_NAMED:
            message = f"{len(wanted.rows):,} rows are named; at most {MAX_ROWS_NAMED:,} may be"
            raise BadInputError(message, field="ids")
        prefix = keys.waiting_replay_key(self._tenant, "").sort
        waiting = self._store.query(
            Table.EVENTS, keys.replays_partition(), prefix, keys.up_to(prefix)
        )
        if sum(1 for _ in waiting) >= MAX_WAITING:
            message = f"{MAX_WAITING} replays wait already; ask again when they are done"
            raise BadInputError(message)
        replay = Replay(
            replay_id=f"{now_ms:015d}-{token_hex(6)}",
            tenant=self._tenant,
            wanted=wanted,
            requested_by=requested_by,
            requested_at_ms=now_ms,
            through=_last_name(now_ms),
        )
        self._store.put_many([self._item(replay, 0)])
        pointer = msgspec.json.encode(_Pointer(self._tenant, replay.replay_id))
        key = keys.waiting_replay_key(self._tenant, replay.replay_id)
        self._store.put_many([Item(key, pointer)])
        return replay

    def get(self, replay_id: str) -> StoredReplay:
        """One of them; NotFoundError if there is none."""
        item = self._store.get(keys.replay_key(self._tenant, replay_id))
        if item is None:
            message = f"there is no replay {replay_id!r}"
            raise NotFoundError(message)
        return _stored(item)

    def write(self, before: StoredReplay, after: Replay) -> StoredReplay | None:
        """Write down how far it is; None if someone else has done so since it was read."""
        version = before.version + 1
        is_ours = self._store.put_if(self._item(after, version), expected_version=before.version)
        return StoredReplay(after, version) if is_ours else None

    def withdraw(self, replay_id: str) -> None:
        """It need not be looked for any more."""
        self._store.delete_many([keys.waiting_replay_key(self._tenant, replay_id)])

    def _item(self, replay: Replay, version: int) -> Item:
        key = keys.replay_key(self._tenant, replay.replay_id)
        expires_at = replay.requested_at_ms // 1000 + KEPT_SECONDS
        return Item(key, msgspec.json.encode(replay), version, expires_at)


def waiting_replays(store: Store) -> Iterator[tuple[str, str]]:
    """Tenant and id of every replay that waits, each tenant's oldest first."""
    for item in store.query(Table.EVENTS, keys.replays_partition()):
        pointer = msgspec.json.decode(item.body, type=_Pointer)
        yield pointer.tenant, pointer.replay_id


def _stored(item: Item) -> StoredReplay:
    return StoredReplay(msgspec.json.decode(item.body, type=Replay), item.version)


def _last_name(now_ms: int) -> str:
    """What sorts behind the names of all deliveries that have arrived by now."""
    return keys.quarantine_name(from_milliseconds(now_ms).date(), now_ms, _END)
