"""Tickets as the KPIs see them: when they came, were answered, resolved and reopened."""

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.happenings import Happenings, happenings
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.field_columns import NO_RECORD, Knowledge
from shared.metrics.domain.records.record_types import RecordType

Mask = NDArray[np.bool_]
Instants = NDArray[np.int64]

OPEN_STATUSES: Final = ("NEW", "OPEN", "WAITING")
DONE_STATUSES: Final = ("RESOLVED", "CLOSED")
_NEVER: Final = np.iinfo(np.int64).max


class Tickets:
    """The tickets of a reading; arrays of one entry a ticket."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.table = scope.table(RecordType.TICKET)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.table)

    @cached_property
    def created(self) -> Happenings:
        """When they were created."""
        return happenings(self.scope, self.table.created)

    @cached_property
    def first_reply(self) -> Happenings:
        """When they were first answered: by a message that goes out, is not known to be automatic,
        and not known to be a note among colleagues.
        """
        messages = self.scope.table(RecordType.MESSAGE)
        sent = happenings(self.scope, messages.column("sent_at")).else_by(
            happenings(self.scope, messages.created)
        )
        inbound, public = messages.column("is_inbound"), messages.column("is_public")
        automatic = messages.column("is_automatic")
        is_reply = inbound.known & ~inbound.values & sent.happened
        is_reply &= ~(automatic.known & automatic.values) & ~(public.known & ~public.values)
        first = self._earliest(messages.column("ticket").values[is_reply], sent.at_ms[is_reply])
        is_told = not bool(inbound.unknown.all()) if len(messages) else False
        answered = first != _NEVER
        return Happenings(
            np.where(answered, first, 0), answered, np.full(len(self), not is_told) & ~answered
        )

    @cached_property
    def inbound_contacts(self) -> NDArray[np.int64]:
        """How many messages came in for each."""
        messages = self.scope.table(RecordType.MESSAGE)
        inbound = messages.column("is_inbound")
        row = self.table.rows_of(messages.column("ticket").values[inbound.known & inbound.values])
        return np.bincount(row[row != NO_RECORD], minlength=len(self))

    @cached_property
    def resolved(self) -> Happenings:
        """When they were resolved for the last time: `resolved_at`, else when their status last
        became one of being done. Reopening extends it.
        """
        told = happenings(self.scope, self.table.column("resolved_at"))
        ticket, at_ms = self._became(DONE_STATUSES)
        last = np.full(len(self), -1)
        np.maximum.at(last, ticket, at_ms)
        by_status = Happenings(last, last >= 0, np.zeros(len(self), bool))
        return told.else_by(by_status)

    @cached_property
    def first_resolved_ms(self) -> Instants:
        """When they were resolved for the first time; the largest int64 where they were not."""
        ticket, at_ms = self._resolutions
        first = np.full(len(self), _NEVER)
        np.minimum.at(first, ticket, at_ms)
        return np.where(self.resolved.happened, np.minimum(first, self.resolved.at_ms), first)

    @cached_property
    def times_resolved(self) -> NDArray[np.int64]:
        """How many times they were resolved: by their history, or by the activities of kind
        RESOLUTION, of which two may lie in the same moment.
        """
        ticket, _ = self._resolutions
        times = np.maximum(
            np.bincount(ticket, minlength=len(self)), self.resolved.happened.astype(np.int64)
        )
        activities = self.scope.table(RecordType.ACTIVITY)
        logged = activities.column("kind").equal_to("RESOLUTION")
        row = self.table.rows_of(activities.column("ticket").values[logged])
        by_activities = np.bincount(row[row != NO_RECORD], minlength=len(self))
        return np.maximum(times, by_activities)

    @cached_property
    def first_reopened_ms(self) -> Instants:
        """When they were first opened again after being resolved: by their status, else when they
        were resolved for the second time. The largest int64 where they were not.
        """
        ticket, at_ms = self._became(OPEN_STATUSES)
        after = at_ms > self.first_resolved_ms[ticket]
        reopened = np.full(len(self), _NEVER)
        np.minimum.at(reopened, ticket[after], at_ms[after])
        again, again_ms = self._resolutions
        later = again_ms > self.first_resolved_ms[again]
        np.minimum.at(reopened, again[later], again_ms[later])
        return reopened

    @cached_property
    def closed(self) -> Happenings:
        """When they were closed."""
        return happenings(self.scope, self.table.column("closed_at"))

    @cached_property
    def is_open(self) -> Mask:
        """Neither resolved nor closed, by their status; where that is not known, by their times."""
        status = self.table.column("status")
        is_done = status.equal_to(*DONE_STATUSES)
        by_times = ~self.resolved.happened & ~self.closed.happened
        is_open: Mask = np.where(status.known, ~is_done, by_times)
        return is_open

    @cached_property
    def _resolutions(self) -> tuple[NDArray[np.int64], Instants]:
        """The ticket and instant of every time that one was resolved."""
        history = self.scope.records.history(RecordType.TICKET, "resolved_at")
        row = self.table.rows_of(history.record)
        known = (row != NO_RECORD) & (history.knowledge == Knowledge.KNOWN)
        known &= history.at_ms <= self.scope.at_ms
        if known.any():
            return row[known], history.values[known].astype(np.int64)
        return self._became(("RESOLVED",))

    def _became(self, statuses: tuple[str, ...]) -> tuple[NDArray[np.int64], Instants]:
        """The ticket and instant of every time that a status became one of these."""
        history = self.scope.records.history(RecordType.TICKET, "status")
        row = self.table.rows_of(history.record)
        became = (row != NO_RECORD) & history.column.equal_to(*statuses)
        became &= history.at_ms <= self.scope.at_ms
        return row[became], history.at_ms[became]

    def _earliest(self, numbers: NDArray[np.int64], at_ms: Instants) -> Instants:
        """The earliest of the instants of each ticket, given the tickets' numbers."""
        row = self.table.rows_of(numbers)
        first = np.full(len(self), _NEVER)
        np.minimum.at(first, row[row != NO_RECORD], at_ms[row != NO_RECORD])
        return first
