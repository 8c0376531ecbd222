"""Everything that a tenant's events say about each person on each day (definitions §2 and §3)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from shared.metrics.domain.events import (
    LOGIN,
    USER_DEACTIVATED,
    USER_UPSERTED,
    ActorKind,
    Event,
)
from shared.metrics.domain.expectations import ExpectedSource
from tests.oracles import aliases, local_days, roster, signals
from tests.oracles.deduplication import distinct
from tests.oracles.sessions import FIFTEEN_MINUTES_MS, DaySessions, by_day, kind_of, sessions


@dataclass
class PersonDay:
    """What one person did on one day; times are 0 for never."""

    features: Counter[str] = field(default_factory=Counter)
    hits: int = 0
    logins: int = 0
    last_seen_ms: int = 0
    last_login_ms: int = 0

    @property
    def attended(self) -> bool:
        """Whether there was a login or a hit."""
        return self.hits + self.logins > 0


@dataclass
class History:
    """A tenant's events. `sessions` and `days` are by person; `silent` remembers which sources were
    silent on which day, as seen at an instant.
    """

    usage: list[Event]
    directory: dict[str, roster.Person]
    day_of: Callable[[int], date]
    zone: str
    timeout_ms: int
    expectations: Mapping[str, ExpectedSource]
    silent: dict[tuple[date, int], list[str]] = field(default_factory=dict)

    def person_days(self, is_counted: Callable[[int], bool]) -> dict[str, dict[date, PersonDay]]:
        """What everyone did at the times that count."""
        days: dict[str, dict[date, PersonDay]] = defaultdict(lambda: defaultdict(PersonDay))
        for event in self.usage:
            if is_counted(event.occurred_at_ms) and (is_hit(event) or is_login(event)):
                _add(event, days[event.user_id][self.day_of(event.occurred_at_ms)])
        return days

    def sessions_of(self, user_id: str) -> DaySessions:
        """The sessions of one person by day."""
        activities = [
            (event.occurred_at_ms, kind)
            for event in self.usage
            if event.user_id == user_id and (kind := kind_of(event)) is not None
        ]
        return by_day(sessions(activities, self.timeout_ms), self.day_of)

    @property
    def user_ids(self) -> list[str]:
        """Everyone in the events or in the directory."""
        return sorted({event.user_id for event in self.usage} - {""} | set(self.directory))

    def person(self, user_id: str) -> roster.Person:
        """What the directory says of a person."""
        return self.directory.get(user_id, roster.NOBODY)


def history(
    events: Iterable[Event],
    zone: str,
    *,
    timeout_ms: int = FIFTEEN_MINUTES_MS,
    expectations: Mapping[str, ExpectedSource] | None = None,
    rules: signals.Rules | None = None,
) -> History:
    """The history that events tell, in whatever order and however often they arrived. `rules` are
    what the tenant has set about signals.
    """
    rows = distinct(events)
    person_of = aliases.persons([event for event in rows if is_directory(event)])
    rows = [
        event._replace(user_id=person_of.get(event.user_id, event.user_id))
        if is_directory(event) or event.actor_kind is ActorKind.USER
        else event
        for event in rows
    ]
    directory = [event for event in rows if is_directory(event)]
    usage = [event for event in rows if not is_directory(event)]
    day_of = partial(local_days.day_of, zone)
    return History(
        usage=signals.without_shadowed(usage, day_of, rules),
        directory=roster.people(directory),
        day_of=day_of,
        zone=zone,
        timeout_ms=timeout_ms,
        expectations=expectations or {},
    )


def is_directory(event: Event) -> bool:
    """Whether an event is about an account and not about the use of a feature."""
    return event.action in (USER_UPSERTED, USER_DEACTIVATED) and not event.feature


def is_hit(event: Event) -> bool:
    """A hit: an action or change by a person, never a login, logout or heartbeat. In a history
    what is shadowed is none.
    """
    return signals.may_be_hit(event)


def is_login(event: Event) -> bool:
    """A person's login."""
    is_person = event.actor_kind == ActorKind.USER and bool(event.user_id)
    return is_person and event.action == LOGIN


def _add(event: Event, day: PersonDay) -> None:
    day.last_seen_ms = max(day.last_seen_ms, event.occurred_at_ms)
    if is_login(event):
        day.logins += 1
        day.last_login_ms = max(day.last_login_ms, event.occurred_at_ms)
    else:
        day.hits += 1
        day.features[event.feature] += 1
