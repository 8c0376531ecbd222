"""What is stored of one unit (a local day, or the directory), with names instead of numbers."""

from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import Arrays, BlockKind, read_block
from shared.metrics.columns.change_blocks import read_changes
from shared.metrics.columns.cubes import read_cube
from shared.metrics.columns.day_arrays import read_carry
from shared.metrics.columns.day_events import identities_of, read_names, read_segment
from shared.metrics.columns.fold import distinct_events
from shared.metrics.columns.roster_block import read_roster
from shared.metrics.domain.errors import NotFoundError
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.records.change_log import ChangeLog
from shared.metrics.domain.rollups import QUARTER_MS
from shared.metrics.domain.roster import Roster
from shared.metrics.services import Services
from shared.metrics.storage.manifests import Manifest
from shared.metrics.storage.units import StoredPack

Rows = dict[str, dict[str, Any]]


class Unit:
    """One unit as it stands now. Blocks can be read only if it has been folded."""

    def __init__(self, services: Services, tenant: str, name: str) -> None:
        """NotFoundError if there is no such tenant."""
        self.name = name
        self.data = services.tenancy.open(tenant)
        self._tenants = services.tenants

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest; NotFoundError says what to do about there being none."""
        manifest, _ = self.data.manifests.get(self.name)
        if manifest is not None:
            return manifest
        tenant = self.data.settings.name
        if self.data.units.packs(self.name):
            message = (
                f"{self.name} of {tenant!r} is not folded yet; `crm-metrics aggregate` does it"
            )
        else:
            message = f"{tenant!r} has no events on {self.name}"
        raise NotFoundError(message)

    @property
    def is_dirty(self) -> bool:
        """Whether there are events that are not folded yet."""
        return bool(self.data.units.marks(self.name))

    def packs(self) -> list[StoredPack]:
        """All packs, folded or not."""
        return self.data.units.packs(self.name)

    def folded_events(self) -> list[Event]:
        """The de-duplicated events that the blocks were made from."""
        packs = self.data.units.packs(self.name, through=self.manifest.folded_through)
        return distinct_events([pack.body for pack in packs])

    def source_kind(self, source_id: str) -> str:
        """The kind of a source."""
        source = self._tenants.sources.get(source_id)
        return "unknown" if source is None else source.kind.value

    def people(self, kind: BlockKind) -> Rows:
        """A block that has columns by person: the values of everyone who has any."""
        arrays = self._arrays(kind)
        names = self.data.people.names(self.manifest.people)
        present = np.flatnonzero(np.any(np.stack([column != 0 for column in arrays.values()]), 0))
        return {
            names[at]: {name: self._value(name, column[at]) for name, column in arrays.items()}
            for at in present
        }

    def users_by_feature(self) -> dict[str, list[str]]:
        """The `who` block: for each feature the people who used it."""
        arrays = self._arrays(BlockKind.WHO)
        people = self.data.people.names(self.manifest.people)
        return {
            feature: sorted(people[at] for at in np.flatnonzero(used))
            for feature, used in zip(self._features(arrays), arrays["people"], strict=True)
        }

    def hits_by_feature(self) -> Rows:
        """The `cube` block: for each feature the hits of each person who used it."""
        return self._cube(BlockKind.CUBE, self.data.features.names(self.manifest.features))

    def hits_by_path(self) -> Rows:
        """The `paths` block: the same for each path, as a JSON array of its four parts."""
        return self._cube(BlockKind.PATHS, self.data.paths.names(self.manifest.paths))

    def hits_by_quarter(self) -> Rows:
        """The `slots` block: for each person the hits of every quarter of an hour, by the instant
        at which it begins.
        """
        arrays = self._arrays(BlockKind.SLOTS)
        people = self.data.people.names(self.manifest.people)
        first = self.data.calendar.start_ms(date.fromisoformat(self.name)) // QUARTER_MS
        rows: Rows = {}
        for person, quarter, hits in zip(
            *(arrays[name].tolist() for name in ("person", "quarter", "hits")), strict=True
        ):
            instant = from_milliseconds((first + quarter) * QUARTER_MS).isoformat()
            rows.setdefault(people[person], {})[instant] = hits
        return rows

    def events(self) -> list[dict[str, Any]]:
        """The `events` block: every hit, path by path; [] before the day is over."""
        if not self.manifest.is_compacted:
            return []
        people = self.data.people.names(self.manifest.people)
        paths = self.data.paths.names(self.manifest.paths)
        name_of = {identity.tobytes(): name for name, identity in self._identities()}
        index, body = self._arrays(BlockKind.EVENT_INDEX), self._body(BlockKind.EVENTS)
        start_ms = self.data.calendar.start_ms(date.fromisoformat(self.name))
        found = []
        start = 0
        for number, end in zip(index["number"].tolist(), index["end"].tolist(), strict=True):
            hits = read_segment(body[start:end], start_ms)
            start = end
            found += [
                {
                    "path": paths[number],
                    "user_id": people[hits.person[at]],
                    "occurred_at_ms": int(hits.times_ms[at]),
                    "session": int(hits.session[at]),
                    "record_id": name_of.get(hits.record[at].tobytes(), ""),
                    "account_id": name_of.get(hits.account[at].tobytes(), ""),
                }
                for at in range(len(hits))
            ]
        return found

    def changes(self) -> ChangeLog | None:
        """The `changes` block: what happened to records, in fold order; None if nothing did."""
        if BlockKind.CHANGES.value not in self.manifest.parts:
            return None
        return read_changes(self._body(BlockKind.CHANGES))

    def _identities(self) -> list[tuple[str, NDArray[np.uint64]]]:
        names = read_names(self._body(BlockKind.RECORDS))
        return list(zip(names, identities_of(names), strict=True))

    def _cube(self, kind: BlockKind, names: list[str]) -> Rows:
        people = self.data.people.names(self.manifest.people)
        numbers, cube = read_cube(self._arrays(kind))
        rows: Rows = {names[number]: {} for number in numbers.tolist()}
        cells = zip(cube.row.tolist(), cube.person.tolist(), cube.hits.tolist(), strict=True)
        for row, person, hits in cells:
            rows[names[numbers[row]]][people[person]] = hits
        return rows

    def carry(self) -> dict[str, int]:
        """The sessions left open at the end: user id and last activity in milliseconds UTC."""
        if BlockKind.CARRY.value not in self.manifest.parts:
            return {}
        return read_carry(self._body(BlockKind.CARRY))

    def roster(self) -> Roster:
        """The roster of the directory."""
        return read_roster(self._body(BlockKind.ROSTER)).roster

    def features_hit(self) -> list[str]:
        """The names of the features in the manifest's sums."""
        names = self.data.features.names(self.manifest.features)
        return sorted(names[number] for number in self.manifest.sums.features)

    def _features(self, arrays: Arrays) -> list[str]:
        names = self.data.features.names(self.manifest.features)
        return [names[number] for number in arrays["feature"]]

    def _value(self, column: str, value: np.generic) -> int | bool | None:
        if column.startswith("last_"):
            start_ms = self.data.calendar.start_ms(date.fromisoformat(self.name))
            return start_ms + int(value) - 1 if value else None
        number: int | bool = value.item()
        return number

    def _arrays(self, kind: BlockKind) -> Arrays:
        return read_block(self._body(kind))

    def _body(self, kind: BlockKind) -> bytes:
        parts = self.manifest.parts.get(kind.value)
        if parts is None:
            held = ", ".join(sorted(self.manifest.parts))
            raise NotFoundError(f"{self.name} has no block {kind.value}; it has {held}")
        attempts = {self.name: (self.manifest.attempt, parts)}
        return self.data.blocks.read(kind, attempts)[self.name]
