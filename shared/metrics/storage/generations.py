"""Generations: a tenant's history as cut into days by one set of rules (docs/architecture.md).

One is served. While another is being built, the tenant's settings say which and how far it is,
and an entry among the refolds has the dispatcher see to it.
"""

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Final, NamedTuple

import msgspec

from shared.metrics.domain.events import Signal
from shared.metrics.storage import keys
from shared.metrics.storage.ports import Item, Store, Table

_WAITING: Final = 0
_DONE: Final = 1


class SignalSince(NamedTuple):
    """Which signal of a feature counts from a day on."""

    since: date
    signal: Signal


class RefoldState(Enum):
    """How far a new generation is."""

    PLANNING = "planning"
    """What there is to be split again is not listed yet."""
    SPLITTING = "splitting"
    """Packs are split again by the new rules."""
    FOLDING = "folding"
    """They are there; their days are folded."""
    SETTLED = "settled"
    """All is folded; what changes of final days is entered in the log, then it is served."""


class Refold(msgspec.Struct, frozen=True, kw_only=True):
    """A generation that is being built. `marked_through` is the latest minute in the marks that
    splitting left: with those folded, all of history is.
    """

    generation: int
    time_zone: str
    session_timeout_minutes: int
    started_at_ms: int
    counting_signals: dict[str, tuple[SignalSince, ...]] = {}
    state: RefoldState = RefoldState.PLANNING
    marked_through: int = 0
    settled_at_ms: int = 0


class Retired(msgspec.Struct, frozen=True):
    """A generation that is no longer served, or was given up, since `at_ms`."""

    generation: int
    at_ms: int


class Announced(NamedTuple):
    """A refold that is to be seen to."""

    tenant: str
    generation: int


def announce(store: Store, tenant: str, generation: int) -> None:
    """Have the dispatcher see to a refold."""
    store.put_many([Item(keys.refold_key(tenant, generation), tenant.encode())])


def withdraw(store: Store, tenant: str, generation: int) -> None:
    """The refold is over."""
    store.delete_many([keys.refold_key(tenant, generation)])


def announced(store: Store) -> list[Announced]:
    """The refolds of all tenants; the tenant is in the body, as a key may hold only its hash."""
    return [
        Announced(item.body.decode(), int(item.key.sort.rpartition("#")[2]))
        for item in store.query(Table.EVENTS, keys.refolds_partition())
    ]


class Splits:
    """Which units of a tenant are to be split again into a generation, and which have been."""

    def __init__(self, store: Store, tenant: str, generation: int) -> None:
        self._store = store
        self._tenant = tenant
        self._generation = generation

    def plan(self, units: Iterable[str]) -> None:
        """List units as waiting; those that are listed already stay as they are."""
        listed = self._all()
        self._put([unit for unit in units if unit not in listed], _WAITING)

    def waiting(self) -> list[str]:
        """The units that are to be split, in order."""
        return [unit for unit, state in self._all().items() if state == _WAITING]

    def done(self) -> list[str]:
        """The units that have been split, in order."""
        return [unit for unit, state in self._all().items() if state == _DONE]

    def is_waiting(self, unit: str) -> bool:
        """Whether a unit is listed and not yet done."""
        item = self._store.get(keys.split_key(self._tenant, self._generation, unit))
        return item is not None and item.version == _WAITING

    def finish(self, unit: str) -> None:
        """A unit has been split."""
        self._put([unit], _DONE)

    def _all(self) -> dict[str, int]:
        partition = keys.splits_partition(self._tenant, self._generation)
        found = self._store.query(Table.METRICS, partition)
        return {item.key.sort: item.version for item in found}

    def _put(self, units: Iterable[str], state: int) -> None:
        self._store.put_many(
            [
                Item(keys.split_key(self._tenant, self._generation, unit), unit.encode(), state)
                for unit in units
            ]
        )
