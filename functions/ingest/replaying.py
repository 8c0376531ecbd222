"""Replays what is in quarantine: its originals, through its source's format and settings of today.

What passes is stored as a pack first and leaves quarantine then. A crash between the two repeats
the pack: it comes from the same rows under the same request id, so it is the same pack, and its
events have the ids that the delivery would have given them.
"""

from collections.abc import Callable, Iterator
from typing import Final

from msgspec.structs import replace

from functions.ingest.original_rows import rows_again
from functions.ingest.units import by_unit
from shared.metrics.storage.ports import Store
from shared.metrics.storage.quarantine import Quarantine, StoredDocket, Turned
from shared.metrics.storage.replays import (
    Replay,
    Replays,
    ReplayState,
    StoredReplay,
    Wanted,
    waiting_replays,
)
from shared.metrics.storage.tenants import TenantCache
from shared.metrics.storage.units import ConfirmedMarks, Units

DOCKETS_A_STEP: Final = 20
"""After so many deliveries it is written down how far a replay is."""

_MAX_TRIES: Final = 5


class Replayer:
    """Sees to the replays that wait."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._confirmed = ConfirmedMarks()

    def run(self, until_ms: int) -> int:
        """Go on with everything that waits until it is done or the time has come; how many rows
        were stored. StorageUnavailableError leaves the rest for the next run.
        """
        stored = 0
        for tenant, replay_id in list(waiting_replays(self._store)):
            stored += self._go_on(Replays(self._store, tenant, self._clock), replay_id, until_ms)
        return stored

    def _go_on(self, replays: Replays, replay_id: str, until_ms: int) -> int:
        known: StoredReplay | None = replays.get(replay_id)
        stored = 0
        while known is not None and known.replay.state is not ReplayState.DONE:
            if self._clock() >= until_ms:
                return stored
            after = self._step(known.replay)
            stored += after.stored - known.replay.stored
            known = replays.write(known, after)  # None: another worker is at it
        if known is not None:
            replays.withdraw(replay_id)
        return stored

    def _step(self, replay: Replay) -> Replay:
        """The replay after the next few deliveries."""
        quarantine = Quarantine(self._store, replay.tenant)
        # Read anew for each step: what was mended a moment ago must count.
        tenants = TenantCache(self._store, self._clock)
        for number, found in enumerate(_dockets(quarantine, replay)):
            if number == DOCKETS_A_STEP:
                return replay
            passed, remaining = self._replay(quarantine, tenants, replay, found)
            replay = replace(
                replay,
                position=found.name,
                stored=replay.stored + passed,
                remaining=replay.remaining + remaining,
            )
        return replace(replay, state=ReplayState.DONE, finished_at_ms=self._clock())

    def _replay(
        self, quarantine: Quarantine, tenants: TenantCache, replay: Replay, found: StoredDocket
    ) -> tuple[int, int]:
        """Replay the rows of one delivery; how many were stored, and how many remain."""
        stored: StoredDocket | None = found
        for _ in range(_MAX_TRIES):
            chosen = {} if stored is None else _chosen(stored, replay.wanted)
            if stored is None or not chosen:
                return 0, 0
            rows = [row for row in quarantine.rows(stored) if row.index in chosen]
            tenant, calendar = tenants.settings(replay.tenant)
            again = rows_again(rows, stored.docket, self._store, tenants, tenant, self._clock())
            Units(self._store, tenant.name, tenant.generation, tenant.pack_shards).put(
                by_unit(again.events, calendar),
                request_id=f"replay-{stored.name.rpartition('#')[2]}",
                clock=self._clock,
                confirmed=self._confirmed,
            )
            turned = {
                index: Turned(rejection.reason.value, rejection.detail)
                for index, rejection in again.rejected.items()
            }
            if quarantine.settle(stored, again.passed, turned):
                return len(again.passed), len(chosen) - len(again.passed)
            stored = quarantine.docket(found.name)
        return 0, 0


def _dockets(quarantine: Quarantine, replay: Replay) -> Iterator[StoredDocket]:
    """The deliveries that are to be looked at, behind the one that the replay has come to."""
    if replay.wanted.rows:
        for name in replay.wanted.names():
            named = quarantine.docket(name) if name > replay.position else None
            if named is not None:
                yield named
        return
    for stored in quarantine.dockets(first=replay.position, through=replay.through):
        is_wanted = replay.wanted.source in (None, stored.docket.source)
        if is_wanted and stored.name != replay.position:
            yield stored


def _chosen(stored: StoredDocket, wanted: Wanted) -> dict[int, str]:
    """The rows of a delivery that are wanted, with their reasons, by place."""
    named = {index for name, index in wanted.rows if name == stored.name}
    return {
        index: reason
        for index, reason in stored.docket.reason_of.items()
        if wanted.source in (None, stored.docket.source)
        and wanted.reason in (None, reason)
        and (not wanted.rows or index in named)
    }
