"""Hires everyone at Zylker, and lays down who comes, moves, leaves or never begins."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle
from random import Random
from typing import Final, TypeVar

from devstack.demo.chance import Question, chance, one_of
from devstack.demo.names import NAMES, email_address
from devstack.demo.offices import HEADCOUNT, HEADQUARTERS_ZONE, OFFICES
from devstack.demo.people import EVER, Person, Posting
from devstack.demo.roles import STAFFING, Role

_SEED: Final = "Zylker Corporation"
_SYSTEMS_TEAM: Final = 5

_LEAST_HITS: Final = 16.5
_TAIL: Final = 2.6
"""Exponent of the Pareto distribution of hits a day: most people have few, some have very many."""

K = TypeVar("K")


def staff(size: int, started: date) -> list[Person]:
    """So many people, numbered from 1; `started` is the first day of the demo.

    What happens to them lies within five months of it, so that something is left to happen when
    the demo is continued.
    """
    random = Random(_SEED)  # noqa: S311 - makes up data, keeps no secret
    names = {country: _full_names(country, random) for country in NAMES}
    countries, roles = _in_proportion(HEADCOUNT, size), _in_proportion(STAFFING, size)
    random.shuffle(countries)
    random.shuffle(roles)
    people = [
        _person(number, next(names[country]), country, role)
        for number, (country, role) in enumerate(zip(countries, roles, strict=True), start=1)
    ]
    return _with_histories(people, started)


def systems_team(people: list[Person]) -> list[Person]:
    """The people at headquarters who look after the CRM and take turns on call.

    They are always there, so that there is somebody on every day.
    """
    at_headquarters = [
        person
        for person in people
        if person.postings[0].office.time_zone == HEADQUARTERS_ZONE
        and (person.uses, person.hired, person.last_day) == (EVER, date.min, date.max)
    ]
    at_headquarters.sort(key=lambda person: (person.role is not Role.OPERATIONS, person.number))
    return at_headquarters[:_SYSTEMS_TEAM]


def _full_names(country: str, random: Random) -> Iterator[str]:
    first, last = NAMES[country]
    names = [f"{given} {family}" for given in first for family in last]
    random.shuffle(names)
    return iter(names)


def _in_proportion(shares: Mapping[K, int], size: int) -> list[K]:
    """So many keys, each as often as its share says."""
    keys = [key for key, share in shares.items() for _ in range(share)]
    return [keys[at * len(keys) // size] for at in range(size)]


def _person(number: int, name: str, country: str, role: Role) -> Person:
    return Person(
        number=number,
        name=name,
        email=email_address(name),
        role=role,
        postings=(Posting(date.min, OFFICES[country]),),
        presence=0.62 + 0.36 * chance(Question.PRESENCE, number),
        hits_a_day=_LEAST_HITS * (1 - chance(Question.INTENSITY, number)) ** (-1 / _TAIL),
    )


def _with_histories(people: list[Person], started: date) -> list[Person]:
    """The people, some of them with something that happens to them."""
    spared = {person.number for person in systems_team(people)}
    ordinary = [person for person in people if person.number not in spared]
    ordinary.sort(key=lambda person: chance(Question.HISTORY, person.number))
    waiting = cycle(ordinary)
    changed: dict[int, Person] = {}
    for per_mille, happen in _HISTORIES:
        for _ in range(max(1, len(people) * per_mille // 1000)):
            person = next(waiting)
            changed[person.number] = happen(person, started)
    return [changed.get(person.number, person) for person in people]


def _day(person: Person, started: date, first: int, last: int) -> date:
    """A day so many days after the start, drawn between first and last."""
    after = first + one_of(last - first + 1, Question.DATE, person.number)
    return started + timedelta(days=after)


def _never_begins(person: Person, _started: date) -> Person:
    return replace(person, uses=None)


def _gives_up(person: Person, started: date) -> Person:
    return replace(person, uses=(date.min, _day(person, started, 40, 100)))


def _begins_late(person: Person, started: date) -> Person:
    return replace(person, uses=(_day(person, started, 30, 115), date.max))


def _is_hired(person: Person, started: date) -> Person:
    return replace(person, hired=_day(person, started, 5, 145))


def _leaves(person: Person, started: date) -> Person:
    return replace(person, last_day=_day(person, started, 10, 145))


def _moves(person: Person, started: date) -> Person:
    here = person.postings[0].office
    others = [office for office in OFFICES.values() if office is not here]
    there = others[person.number % len(others)]
    moved = Posting(_day(person, started, 10, 145), there)
    return replace(person, postings=(*person.postings, moved))


_HISTORIES: Final[tuple[tuple[int, Callable[[Person, date], Person]], ...]] = (
    (100, _never_begins),
    (40, _gives_up),
    (30, _begins_late),
    (30, _is_hired),
    (25, _leaves),
    (20, _moves),
)
"""To how many of a thousand people each of these happens."""
