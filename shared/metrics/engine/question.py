"""One question to one tenant's data: what every view needs to answer a request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.periods import Window, month_start, week_start
from shared.metrics.domain.views.answers import Finality, Proof
from shared.metrics.engine.masks import counted
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import EVERYONE, Interval, PeopleFilter, Request
from shared.metrics.engine.snapshot import Snapshots
from shared.metrics.engine.tables import with_day
from shared.metrics.engine.windows import Asked, asked_window
from shared.metrics.storage.tenant_data import TenantData


@dataclass(frozen=True, slots=True)
class Question:
    """A tenant's data as asked at an instant (milliseconds UTC)."""

    data: TenantData
    as_of_ms: int
    snapshots: Snapshots

    def asked(self, request: Request[Any]) -> Asked:
        """The window of a request; BadInputError if it is not one that can be answered."""
        first_weekday = self.data.settings.first_weekday
        return asked_window(self.data.calendar, self.as_of_ms, request, first_weekday)

    def read(self, span: Window, people: PeopleFilter = EVERYONE) -> Reading:
        """The days of a span, as the people of a filter have used the CRM on them."""
        snapshot = self.snapshots.read(self.data, span)
        index, calendar = snapshot.roster_index, self.data.calendar
        mask = counted(index, people, span, calendar, self.as_of_ms)
        everyone = mask
        if people.conditions():
            everyone = counted(index, EVERYONE, span, calendar, self.as_of_ms)
        return Reading(snapshot, people, self.as_of_ms, mask, everyone)

    def until_same_time(self, reading: Reading, last: date) -> Reading:
        """The reading with the last day of an earlier period cut off at the time of day it is
        now, so that like is compared with like.
        """
        data = self.data
        now = data.calendar.wall_clock(self.as_of_ms)
        until_ms = data.calendar.instant_ms(datetime.combine(last, now.time()))
        folded = self.snapshots.fold_until(data, last, until_ms)
        snapshot = reading.snapshot
        cut = Reading(snapshot, reading.people, self.as_of_ms, reading.mask, reading.everyone)
        cut.table = with_day(reading.table, snapshot, last, folded, reading.mask)
        everyone = with_day(snapshot.day_table, snapshot, last, folded, None)
        cut.seen = reading.seen & everyone.present
        return cut

    def proof(self, asked: Asked, window: Window) -> Proof:
        """How current and how final an answer for a window is."""
        data = self.data
        settled = window.last + timedelta(days=data.settings.lateness_days)
        is_settled = self.as_of_ms >= data.calendar.bounds(settled).end_ms
        return Proof(
            as_of_ms=self.as_of_ms,
            watermark_ms=self.as_of_ms,
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
