"""Answers the views: plans which days a request needs, loads them, and lets the domain compute."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, TypeVar

import numpy as np

from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.domain.periods import Window, compared_windows, month_start, week_start
from shared.metrics.domain.views.answers import (
    Finality,
    HomeAnswer,
    Proof,
    TrendsAnswer,
    UserAnalyticsAnswer,
)
from shared.metrics.domain.views.day_table import DayTable
from shared.metrics.domain.views.home import Period, home, plan_home
from shared.metrics.domain.views.trends import trends
from shared.metrics.domain.views.user_analytics import user_analytics
from shared.metrics.engine.masks import Mask, counted, roster_size
from shared.metrics.engine.people import NewNameError
from shared.metrics.engine.requests import (
    HomeRequest,
    Interval,
    PeopleFilter,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.engine.snapshot import Snapshot, Snapshots
from shared.metrics.engine.tables import day_table, person_table, session_sums, with_day
from shared.metrics.engine.windows import Asked, asked_window
from shared.metrics.storage.blocks import MissingBlockError
from shared.metrics.storage.tenant_data import Tenancy, TenantData

_TRIES: Final = 5
A = TypeVar("A")


class Views:
    """All views. One object per process: it remembers what it has read."""

    def __init__(self, tenancy: Tenancy, clock: Callable[[], int]) -> None:
        self._tenancy = tenancy
        self._clock = clock
        self._snapshots = Snapshots()

    def home(self, request: HomeRequest) -> HomeAnswer:
        """Home; BadInputError for a range that cannot be answered, NotFoundError for a tenant."""
        data = self._tenancy.open(request.tenant)
        return self._settled(data, partial(self._home, data, request, self._clock()))

    def trends(self, request: TrendsRequest) -> TrendsAnswer:
        """Trends; errors as for Home."""
        data = self._tenancy.open(request.tenant)
        return self._settled(data, partial(self._trends, data, request, self._clock()))

    def user_analytics(self, request: UserAnalyticsRequest) -> UserAnalyticsAnswer:
        """User analytics; errors as for Home."""
        data = self._tenancy.open(request.tenant)
        return self._settled(data, partial(self._user_analytics, data, request, self._clock()))

    def _settled(self, data: TenantData, answer: Callable[[], A]) -> A:
        """Answer again if days were replaced, or added to, while they were being read."""
        for _ in range(_TRIES):
            try:
                return answer()
            except (MissingBlockError, NewNameError):
                self._snapshots.forget(data)
        message = "the days were changing faster than they could be read; ask again"
        raise StorageUnavailableError(message)

    def _home(self, data: TenantData, request: HomeRequest, as_of_ms: int) -> HomeAnswer:
        asked = asked_window(
            data.calendar, as_of_ms, request.window, include_today=request.include_today
        )
        window, compared = compared_windows(
            asked.window, request.comparison, is_partial=asked.is_partial
        )
        first_weekday = data.settings.first_weekday
        plan = plan_home(window, compared, first_weekday, explicit=request.window is not None)
        reading = self._read(data, plan.span, request.people, as_of_ms)
        earlier = self._same_hours(reading, compared) if asked.is_partial else reading
        return home(
            plan,
            Period(window, reading.table, reading.roster_size(window)),
            Period(compared, earlier.table, earlier.roster_size(compared)),
            proof=_proof(data, asked, window, as_of_ms),
            first_weekday=first_weekday,
            top=request.top,
            described=reading.described,
        )

    def _trends(self, data: TenantData, request: TrendsRequest, as_of_ms: int) -> TrendsAnswer:
        asked = asked_window(
            data.calendar, as_of_ms, request.window, include_today=request.include_today
        )
        reading = self._read(data, asked.window, request.people, as_of_ms)
        return trends(
            asked.window,
            reading.table,
            session_sums(reading.snapshot, reading.mask),
            _start_of(request.interval, data.settings.first_weekday),
            proof=_proof(data, asked, asked.window, as_of_ms),
        )

    def _user_analytics(
        self, data: TenantData, request: UserAnalyticsRequest, as_of_ms: int
    ) -> UserAnalyticsAnswer:
        asked = asked_window(
            data.calendar, as_of_ms, request.window, include_today=request.include_today
        )
        reading = self._read(data, asked.window, request.people, as_of_ms)
        return user_analytics(
            person_table(reading.snapshot, reading.mask),
            reading.snapshot.people.names,
            proof=_proof(data, asked, asked.window, as_of_ms),
            described=reading.described,
        )

    def _read(
        self, data: TenantData, span: Window, people: PeopleFilter, as_of_ms: int
    ) -> "_Reading":
        snapshot = self._snapshots.read(data, span)
        mask = counted(snapshot.roster_index, people, span, data.calendar, as_of_ms)
        table = snapshot.day_table if mask is None else day_table(snapshot, mask)
        seen = table.present
        if people.conditions():
            everyone = counted(snapshot.roster_index, PeopleFilter(), span, data.calendar, as_of_ms)
            seen = snapshot.day_table.present
            seen = seen if everyone is None else seen & everyone
        return _Reading(snapshot, people, as_of_ms, mask, table, seen)

    def _same_hours(self, reading: "_Reading", compared: Window) -> "_Reading":
        """The reading with the last day of the earlier period cut off at the time of day it is
        now, so that like is compared with like.
        """
        data = reading.snapshot.data
        now = data.calendar.wall_clock(reading.as_of_ms)
        until_ms = data.calendar.instant_ms(datetime.combine(compared.last, now.time()))
        folded = self._snapshots.fold_until(data, compared.last, until_ms)
        snapshot = reading.snapshot
        table = with_day(reading.table, snapshot, compared.last, folded, reading.mask)
        everyone = with_day(snapshot.day_table, snapshot, compared.last, folded, None)
        return replace(reading, table=table, seen=reading.seen & everyone.present)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A snapshot as one request sees it. `seen` is days × people: who was there at all, matching
    or not, but for integrations.
    """

    snapshot: Snapshot
    people: PeopleFilter
    as_of_ms: int
    mask: Mask | None
    table: DayTable
    seen: Mask

    def roster_size(self, window: Window) -> int:
        """People in the roster of a window."""
        active = seen = self.table.active(window)
        if self.seen is not self.table.present:
            seen = np.logical_or.reduce(self.seen[self.table.rows(window)], axis=0)
        return roster_size(
            self.snapshot.roster_index,
            self.people,
            seen=seen,
            active=active,
            end_ms=self.snapshot.data.calendar.bounds(window.last).end_ms,
            as_of_ms=self.as_of_ms,
        )

    def described(self, user_id: str) -> tuple[str | None, str | None]:
        """Name and e-mail of a person, as they are now."""
        return self.snapshot.roster.described(user_id)


def _proof(data: TenantData, asked: Asked, window: Window, as_of_ms: int) -> Proof:
    settled_ms = data.calendar.bounds(
        window.last + timedelta(days=data.settings.lateness_days)
    ).end_ms
    return Proof(
        as_of_ms=as_of_ms,
        watermark_ms=as_of_ms,
        is_partial=asked.is_partial,
        finality=Finality.PROVISIONAL if as_of_ms < settled_ms else Finality.FINAL,
        definition_version=DEFINITION_VERSION,
        time_zone=data.settings.time_zone,
    )


def _start_of(interval: Interval, first_weekday: int) -> Callable[[date], date]:
    if interval is Interval.WEEK:
        return partial(week_start, first_weekday=first_weekday)
    if interval is Interval.MONTH:
        return month_start
    return lambda day: day
