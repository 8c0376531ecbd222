"""Zylker on each of its days: who works, and everything that is recorded of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from devstack.demo.background import background
from devstack.demo.chance import Question, chance
from devstack.demo.deeds import Deed, Repertoire, added, repertoire, used
from devstack.demo.directory import changes, snapshot
from devstack.demo.features import LASTING, RETIRED
from devstack.demo.leads import leads_due
from devstack.demo.offices import HEADQUARTERS_ZONE
from devstack.demo.people import Person
from devstack.demo.roles import RECORDS_ADDED_BY, Role
from devstack.demo.rows import AnyRow, Row
from devstack.demo.staff import staff, systems_team
from devstack.demo.workday import workday
from shared.metrics.domain.periods import LocalCalendar

TIME_ZONE: Final = HEADQUARTERS_ZONE
"""The company's reporting time zone."""

PEOPLE: Final = 300
DAYS: Final = 120
COMPARED_DAYS: Final = 30
"""The length of Home's default period, after which it is compared with itself."""

_EACH_FEATURE_EVERY: Final = 10
"""Days between two visits of the systems team to a feature: three in each default period."""

_ONE_DAY: Final = timedelta(days=1)


@dataclass
class Company:
    """A company of so many people, whose demo was first shown the day after `first_shown`.

    Everything follows from these two: the same day always has the same events.
    """

    first_shown: date
    size: int = PEOPLE
    people: list[Person] = field(init=False)

    def __post_init__(self) -> None:
        """Hire everyone."""
        self.people = staff(self.size, self.started)
        self.calendar = LocalCalendar(TIME_ZONE)
        self._systems_team = systems_team(self.people)
        self._importer = next(
            (p.user_id for p in self.people if p.role is Role.MARKETING), self.people[0].user_id
        )
        self._repertoires: dict[int, Repertoire] = {
            person.number: repertoire(person.number, person.role) for person in self.people
        }

    @property
    def started(self) -> date:
        """The first day with events."""
        return self.first_shown - (DAYS - 1) * _ONE_DAY

    @property
    def last_of_retired(self) -> date:
        """The last day on which retired features are used: the last of the earlier period."""
        return self.first_shown - COMPARED_DAYS * _ONE_DAY

    def reporting_days(self, first: date, last: date) -> Iterator[tuple[date, list[AnyRow]]]:
        """Each reporting day of the company's time zone with its rows, by time.

        Who works elsewhere has other days: each reporting day is gathered from three of them.
        """
        gathered: dict[date, list[Row]] = {}
        day = first - _ONE_DAY
        while day <= last + _ONE_DAY:
            for row in self._worked(day):
                gathered.setdefault(self.calendar.day_of(row.occurred_at), []).append(row)
            complete = day - _ONE_DAY
            rows = gathered.pop(complete, [])
            if first <= complete:
                rows.sort(key=lambda row: row.occurred_at)
                yield complete, [*self._directory(complete), *rows]
            day += _ONE_DAY

    def _worked(self, day: date) -> list[Row]:
        """What is recorded of one date, wherever it was that date."""
        random = Random(day.isoformat())  # noqa: S311 - makes up data, keeps no secret
        on_call = self._systems_team[day.toordinal() % len(self._systems_team)]
        retired_from_ms = self.calendar.start_ms(self.last_of_retired + _ONE_DAY)
        rows: list[Row] = []
        for person in self.people:
            chores = self._chores(day) if person is on_call else []
            if chores or person.is_at_work(day):
                planned = [*leads_due(person, day), *_other_records(person, day), *chores]
                rows += workday(
                    person,
                    day,
                    self._hits(person, day, random),
                    self._repertoires[person.number],
                    planned,
                    random,
                )
        noon_ms = self._systems_team[0].office(day).noon_ms(day)
        rows += background(day, noon_ms, self.size, self._importer, random)
        for number, row in enumerate(rows):
            row.event_id = f"{day}/{number}"
        return [
            row for row in rows if row.feature not in RETIRED or row.occurred_at < retired_from_ms
        ]

    def _chores(self, day: date) -> list[Deed]:
        """The features that the systems team looks after on a day, so that all are used."""
        turn = day.toordinal() % _EACH_FEATURE_EVERY
        return [used(feature) for feature in (*LASTING[turn::_EACH_FEATURE_EVERY], *RETIRED)]

    def _hits(self, person: Person, day: date, random: Random) -> int:
        """How much a person does on a day: a slow growth, weeks that differ, and days that do."""
        growth = 1 + 0.001 * (day - self.first_shown).days
        week = 0.94 + 0.12 * chance(Question.TEMPO, day.toordinal() // 7)
        today = 0.4 + 1.2 * random.random()
        quiet = 0.3 if person.office(day).is_closed(day) else 1
        return int(person.hits_a_day * growth * week * today * quiet)

    def _directory(self, day: date) -> Iterator[AnyRow]:
        if day == self.started:
            yield from snapshot(self.people, day, self.calendar.start_ms(day))
        else:
            yield from changes(self.people, day)


def _other_records(person: Person, day: date) -> list[Deed]:
    """A record that is added by someone whose work is not leads."""
    feature, share = RECORDS_ADDED_BY.get(person.role, ("", 0.0))
    if chance(Question.ADDS_RECORDS, person.number, day.toordinal()) >= share:
        return []
    return [added(feature, f"{feature.lower()}-{day:%y%m%d}-{person.number}")]
