"""A person at Zylker: what the CRM's directory knows, and how the CRM is used."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from devstack.demo.chance import Question, chance, one_of
from devstack.demo.offices import Office
from devstack.demo.roles import Role

EVER: Final = (date.min, date.max)

_SEND_HEARTBEATS: Final = 0.25
_ON_LEAVE: Final = 0.05
_MOST_WHEN_CLOSED: Final = 0.4
"""How often those who cannot leave it do something on a weekend or holiday; most hardly ever do."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Where someone works from a day on."""

    since: date
    office: Office


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account.

    `uses` is the first and last day of using the CRM while employed; None for never. `presence` is
    the share of working days with any use, `hits_a_day` what is usual on those.
    """

    number: int
    name: str
    email: str
    role: Role
    postings: tuple[Posting, ...]
    presence: float
    hits_a_day: float
    hired: date = date.min
    last_day: date = date.max
    uses: tuple[date, date] | None = EVER

    @property
    def user_id(self) -> str:
        """The id in the CRM."""
        return f"u{self.number:03d}"

    @property
    def sends_heartbeats(self) -> bool:
        """Whether this person's browser reports that it is still open."""
        return chance(Question.HABITS, self.number, 0) < _SEND_HEARTBEATS

    @property
    def logs_out(self) -> float:
        """The share of sessions that end with a logout rather than just stop."""
        return 0.8 * chance(Question.HABITS, self.number, 1)

    def office(self, day: date) -> Office:
        """Where the person works on a day."""
        return next(posting.office for posting in reversed(self.postings) if posting.since <= day)

    def language(self, office: Office) -> str:
        """The language of the CRM for this person at an office."""
        return office.languages[one_of(len(office.languages), Question.LANGUAGE, self.number)]

    def team(self, office: Office) -> str:
        """The people of the same role at an office."""
        return f"{self.role.value} {office.country}"

    def is_employed(self, day: date) -> bool:
        """Whether the person has an active account on a day."""
        return self.hired <= day <= self.last_day

    def is_at_work(self, day: date) -> bool:
        """Whether the person uses the CRM on a day."""
        if self.uses is None or not (self.is_employed(day) and self.uses[0] <= day <= self.uses[1]):
            return False
        at = chance(Question.AT_WORK, self.number, day.toordinal())
        if self.office(day).is_closed(day):
            return at < _MOST_WHEN_CLOSED * chance(Question.HABITS, self.number, 2) ** 5
        week = day.toordinal() // 7
        return at < self.presence and chance(Question.ON_LEAVE, self.number, week) >= _ON_LEAVE
