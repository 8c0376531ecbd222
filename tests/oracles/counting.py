"""Whom an answer counts on which day (definitions §2): filters, integrations, the roster."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.metrics.domain.periods import Window
from shared.metrics.engine.requests import AttributeValues, PeopleFilter
from tests.oracles import local_days, windows
from tests.oracles.history import History, PersonDay


@dataclass
class Counting:
    """One request's view of a history: the days of people, up to an instant of the last day."""

    history: History
    filter: PeopleFilter
    now_ms: int
    days: dict[str, dict[date, PersonDay]]

    def counted(self, window: Window) -> Iterator[tuple[str, date, PersonDay]]:
        """Everyone who attended and counts, with each of their days in a window."""
        for user_id in sorted(self.days):
            for day in windows.days(window):
                if day in self.days[user_id] and self.counts(user_id, day):
                    yield user_id, day, self.days[user_id][day]

    def counts(self, user_id: str, day: date) -> bool:
        """Whether a person counts on a day: no integration, and matching the filter."""
        return not self._is_integration(user_id, day) and self._matches(user_id, day)

    def roster(self, window: Window) -> set[str]:
        """An account active at the end of a window, or a login or hit in it; under a filter those
        of them who match at its end, or were active while matching.
        """
        end_ms = self._end_ms(window.last)
        found = {user_id for user_id, _, _ in self.counted(window)}
        for user_id in self.history.user_ids:
            person = self.history.person(user_id)
            has_account = person.has_account(end_ms) and not person.is_integration(end_ms)
            is_there = has_account or self._was_seen(user_id, window)
            if is_there and self._matches(user_id, window.last):
                found.add(user_id)
        return found

    def _was_seen(self, user_id: str, window: Window) -> bool:
        return any(
            day in window and not self._is_integration(user_id, day)
            for day in self.days.get(user_id, {})
        )

    def _is_integration(self, user_id: str, day: date) -> bool:
        return self.history.person(user_id).is_integration(self._end_ms(day))

    def _matches(self, user_id: str, day: date) -> bool:
        wanted = {
            "language": self.filter.language,
            "country": self.filter.country,
            "time_zone": self.filter.time_zone,
            "account_status": self.filter.account_status,
            "role": self.filter.role,
            "team": self.filter.team,
        }
        is_current = self.filter.attribute_values is AttributeValues.CURRENT
        at_ms = self.now_ms if is_current else self._end_ms(day)
        person = self.history.person(user_id)
        return all(
            values is None or person.value(attribute, at_ms) in values
            for attribute, values in wanted.items()
        )

    def _end_ms(self, day: date) -> int:
        return local_days.day_bounds_ms(self.history.zone, day)[1]


def counting(
    history: History,
    people: PeopleFilter,
    now_ms: int,
    *,
    cut: tuple[date, int] | None = None,
) -> Counting:
    """How a request counts. `cut` leaves out what happened on a day from an instant on."""

    def is_counted(at_ms: int) -> bool:
        return cut is None or at_ms < cut[1] or history.day_of(at_ms) != cut[0]

    return Counting(history, people, now_ms, history.person_days(is_counted))
