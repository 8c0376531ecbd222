"""One question to one tenant's data: what every view needs to answer a request."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.periods import Window, month_start, week_start
from shared.metrics.domain.records.folded_records import FoldedRecords
from shared.metrics.domain.views.answers import Finality, Proof
from shared.metrics.engine.masks import Mask, MembersFilter, counted
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.records import RecordHistories
from shared.metrics.engine.requests import EVERYONE, Interval, PeopleFilter, Request
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.engine.snapshots import Snapshots
from shared.metrics.engine.tables import with_day
from shared.metrics.engine.windows import Asked, asked_window
from shared.metrics.storage.tenant_data import TenantData


@dataclass(frozen=True, slots=True)
class Question:
    """A tenant's data as asked at an instant (milliseconds UTC). Of what was acknowledged since
    `waiting_ms` (None: of nothing), some may not have been stored when the data was read.
    """

    data: TenantData
    as_of_ms: int
    snapshots: Snapshots
    waiting_ms: int | None = None
    histories: RecordHistories = field(default_factory=RecordHistories)

    @property
    def watermark_ms(self) -> int:
        """Every event that was acknowledged before it was there when the data was read."""
        waiting_ms = self.as_of_ms if self.waiting_ms is None else self.waiting_ms
        return min(self.as_of_ms, waiting_ms)

    @property
    def records(self) -> FoldedRecords:
        """The records of the tenant."""
        return self.histories.read(self.data)

    def asked(self, request: Request[Any]) -> Asked:
        """The window of a request; BadInputError if it is not one that can be answered."""
        first_weekday = self.data.settings.first_weekday
        return asked_window(self.data.calendar, self.as_of_ms, request, first_weekday)

    def read(
        self, span: Window, people: PeopleFilter = EVERYONE, within: tuple[str, ...] = ()
    ) -> Reading:
        """The days of a span, as the people of a filter have used the CRM on them. `within` are
        the segments that the filter is part of.
        """
        return self._of(self.snapshots.read(self.data, span), people, within)

    def history(self, last: date) -> Reading:
        """Everything from the first day with an event to a day, as everyone has used the CRM."""
        return self._of(self.snapshots.history(self.data, last), EVERYONE, ())

    def _of(self, snapshot: Snapshot, people: PeopleFilter, within: tuple[str, ...]) -> Reading:
        """A snapshot, as the people of a filter have used the CRM."""
        mask = everyone = self._counted(snapshot, people)
        if people.conditions():
            everyone = self._counted(snapshot, EVERYONE)
        if people.segment is not None:
            from shared.metrics.engine.segments import members  # which asks questions itself

            found = members(self, people.segment, snapshot.people.names, within)
            people = MembersFilter.of(people, found)
            shape = (snapshot.span.length, len(found))
            mask = np.broadcast_to(found, shape) if mask is None else mask & found
        return Reading(snapshot, people, self.as_of_ms, mask, everyone)

    def _counted(self, snapshot: Snapshot, people: PeopleFilter) -> Mask | None:
        """Who counts; people are not numbered if that is everyone."""
        if not people.conditions() and not snapshot.directory.has_integrations:
            return None
        span, calendar = snapshot.span, self.data.calendar
        return counted(snapshot.roster_index, people, span, calendar, self.as_of_ms)

    def until_same_time(self, reading: Reading, last: date) -> Reading:
        """The reading with the last day of an earlier period cut off at the time of day it is
        now, so that like is compared with like.
        """
        data = self.data
        now = data.calendar.wall_clock(self.as_of_ms)
        until_ms = data.calendar.instant_ms(datetime.combine(last, now.time()))
        snapshot = reading.snapshot
        folded = snapshot.fold_until(last, until_ms)
        cut = Reading(snapshot, reading.people, self.as_of_ms, reading.mask, reading.everyone)
        cut.table = with_day(reading.table, snapshot, last, folded, reading.mask)
        if reading.people.filters:
            everyone = with_day(snapshot.day_table, snapshot, last, folded, None)
            cut.seen = reading.seen & everyone.present
        return cut

    def proof(self, asked: Asked, window: Window) -> Proof:
        """How current and how final an answer for a window is."""
        data = self.data
        settled = window.last + timedelta(days=data.settings.lateness_days)
        is_settled = self.as_of_ms >= data.calendar.bounds(settled).end_ms
        return Proof(
            window=window,
            as_of_ms=self.as_of_ms,
            watermark_ms=self.watermark_ms,
            is_partial=asked.is_partial,
            finality=Finality.FINAL if is_settled else Finality.PROVISIONAL,
            definition_version=DEFINITION_VERSION,
            time_zone=data.settings.time_zone,
        )

    def start_of(self, interval: Interval) -> Callable[[date], date]:
        """A function that gives the first day of the interval that holds a day."""
        if interval is Interval.WEEK:
            return partial(week_start, first_weekday=self.data.settings.first_weekday)
        if interval is Interval.MONTH:
            return month_start
        return lambda day: day
