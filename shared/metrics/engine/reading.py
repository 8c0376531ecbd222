"""A snapshot as one request sees it: the people whom its filter counts, on the days they match."""

from functools import cached_property

import numpy as np

from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.day_table import DayTable
from shared.metrics.engine.masks import Mask, roster_members
from shared.metrics.engine.requests import PeopleFilter
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.engine.tables import day_table


class Reading:
    """The days of a span. `mask` is days × people: who counts on which day (None: everyone on all
    days); `everyone` is the same without the filter, which leaves out integrations.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        people: PeopleFilter,
        as_of_ms: int,
        mask: Mask | None,
        everyone: Mask | None,
    ) -> None:
        self.snapshot = snapshot
        self.people = people
        self.as_of_ms = as_of_ms
        self.mask = mask
        self.everyone = everyone

    @property
    def span(self) -> Window:
        """The days that were read."""
        return self.snapshot.span

    @property
    def user_ids(self) -> list[str]:
        """Everyone in the days or in the directory, by number."""
        return self.snapshot.people.names

    @property
    def width(self) -> int:
        """How many people there are, by number."""
        return self.snapshot.width

    def of_days(self, window: Window) -> "Reading":
        """Some of the days, to look at the attributes of people on them alone."""
        return _OfDays(self, window)

    @cached_property
    def table(self) -> DayTable:
        """The span as days × people, of those who count."""
        if self.mask is None:
            return self.snapshot.day_table
        return day_table(self.snapshot, self.mask)

    @cached_property
    def seen(self) -> Mask:
        """Days × people: who was there at all, matching the filter or not."""
        if not self.people.filters:
            return self.table.present
        present = self.snapshot.day_table.present
        return present if self.everyone is None else present & self.everyone

    def roster(self, window: Window) -> Mask:
        """Who is in the roster of a window of the span (definitions §2)."""
        active = seen = self.table.active(window)
        if self.people.filters:
            seen = np.logical_or.reduce(self.seen[self.table.rows(window)], axis=0)
        return roster_members(
            self.snapshot.roster_index,
            self.people,
            seen=seen,
            active=active,
            end_ms=self.snapshot.data.calendar.bounds(window.last).end_ms,
            as_of_ms=self.as_of_ms,
        )

    def roster_size(self, window: Window) -> int:
        """People in the roster of a window."""
        return int(np.count_nonzero(self.roster(window)))

    def described(self, user_id: str) -> tuple[str | None, str | None]:
        """Name and e-mail of a person, as they are now."""
        return self.snapshot.roster.described(user_id)


class _OfDays(Reading):
    """A part of a reading that has nobody's deeds."""

    def __init__(self, reading: Reading, window: Window) -> None:
        super().__init__(reading.snapshot, reading.people, reading.as_of_ms, None, None)
        self._window = window

    @property
    def span(self) -> Window:
        """The days of the part."""
        return self._window
