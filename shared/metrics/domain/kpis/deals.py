"""Deals as the KPIs see them: open, won or lost, since when, and from when on.

What follows from the records alone is remembered beside them, for whoever asks next.
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.happenings import Happenings, happenings
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.field_columns import NO_RECORD, FieldColumn
from shared.metrics.domain.records.record_types import RecordType

Mask = NDArray[np.bool_]


class Deals:
    """The deals of a reading; arrays of one entry a deal."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.table = scope.table(RecordType.DEAL)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.table)

    @property
    def now_ms(self) -> NDArray[np.int64]:
        """The instant of the reading."""
        return np.full(len(self), self.scope.at_ms)

    @cached_property
    def amount(self) -> FieldColumn:
        """What they are worth."""
        return self.table.column("amount")

    @property
    def is_won(self) -> Mask:
        """By their status; where that is not known, by their stage."""
        return self.table.derived("is_won", self._is_won)

    def _is_won(self) -> Mask:
        status = self.table.column("status")
        return status.equal_to("WON") | self._by_stage(is_won=True)

    @property
    def is_lost(self) -> Mask:
        """Likewise."""
        return self.table.derived("is_lost", self._is_lost)

    def _is_lost(self) -> Mask:
        return self.table.column("status").equal_to("LOST") | self._by_stage(is_won=False)

    @property
    def is_open(self) -> Mask:
        """Neither won nor lost."""
        return self.table.derived("is_open", self._is_open)

    def _is_open(self) -> Mask:
        return ~self.is_won & ~self.is_lost & ~self.unknown

    @property
    def unknown(self) -> Mask:
        """Those of which neither status nor stage is known."""
        return self.table.derived("unknown", self._unknown)

    def _unknown(self) -> Mask:
        stage = self.table.column("stage")
        return ~self.table.column("status").known & ~stage.known

    @cached_property
    def is_qualified(self) -> Mask:
        """By itself, or by its stage."""
        told = happenings(self.scope, self.table.column("qualified_at"))
        return told.happened | self._stage_says("is_qualified")

    @property
    def closed(self) -> Happenings:
        """When they were won or lost: `closed_at`, else their close date, else when their status
        changed for the last time.
        """
        return self.table.derived("closed", self._closed)

    def _closed(self) -> Happenings:
        told = happenings(self.scope, self.table.column("closed_at"))
        dated = happenings(self.scope, self.table.column("close_date"))
        found = told.else_by(dated)
        is_closed = self.is_won | self.is_lost
        if (is_closed & ~found.happened).any():
            found = found.else_by(self._status_changed())
        return Happenings(found.at_ms, found.happened & is_closed, is_closed & ~found.happened)

    @property
    def created(self) -> Happenings:
        """When they were created."""
        return self.table.derived("created", self._created)

    def _created(self) -> Happenings:
        return happenings(self.scope, self.table.created)

    @cached_property
    def due_day(self) -> FieldColumn:
        """The day on which they are expected to be closed, since 1970."""
        return self.table.column("close_date")

    @cached_property
    def is_due(self) -> Mask:
        """Which are open, with a close date in the period."""
        due = self.due_day
        first = self.scope.day(self.scope.start_ms)
        in_period = (due.values >= first) & (due.values <= self.scope.last_day)
        return self.is_open & due.known & in_period

    def _by_stage(self, *, is_won: bool) -> Mask:
        """Which deals of unknown status are in a stage of deals that were won, or were lost."""
        nothing_said = ~self.table.column("status").known
        if not nothing_said.any():
            return nothing_said
        won = self._stage_says("is_won")
        return nothing_said & (won if is_won else self._stage_says("is_closed") & ~won)

    def _stage_says(self, name: str) -> Mask:
        """A flag of the stage that each deal is in."""
        stages = self.scope.table(RecordType.STAGE)
        row = stages.rows_of(self.table.column("stage").values)
        flag = stages.column(name)
        says = np.zeros(len(self), bool)
        known = row != NO_RECORD
        says[known] = (flag.values & flag.known)[row[known]]
        return says

    def _status_changed(self) -> Happenings:
        history = self.scope.records.history(RecordType.DEAL, "status")
        entry = history.entry_as_of(self.table.number, self.scope.at_ms)
        found = entry != NO_RECORD
        at_ms = np.zeros(len(self), np.int64)
        at_ms[found] = history.at_ms[entry[found]]
        return Happenings(at_ms, found, ~found)
