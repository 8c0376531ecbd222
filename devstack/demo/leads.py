"""The leads that sales representatives add, and what becomes of them.

Nothing is kept from day to day: what is due follows from chance alone, so that any day can be
worked out by itself.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from devstack.demo.chance import Question, chance, one_of
from devstack.demo.deeds import Deed, added
from devstack.demo.people import Person
from devstack.demo.roles import Role

_ADD_ON: Final = 0.2
_MOST_A_DAY: Final = 4
_ONE_DAY: Final = timedelta(days=1)

# (days after it was added, the share of leads that get so far, the deed).
_STEPS: Final = (
    (1, 0.80, Deed("Leads", "Calls", "", "call")),
    (5, 0.48, Deed("Leads", "Create Meeting", "", "create")),
    (12, 0.26, Deed("Leads", "Buttons", "", "convert")),
)


def leads_due(person: Person, day: date) -> Iterator[Deed]:
    """What a representative does with leads on a day of work: adds some, takes others further."""
    if person.role is not Role.SALES_REPRESENTATIVE:
        return
    for lead in range(_added_on(person, day)):
        yield added("Leads", _record(person, day, lead), _account(person, day, lead))
    for due in _since_last_at_work(person, day):
        for after, share, deed in _STEPS:
            since = due - timedelta(days=after)
            for lead in range(_added_on(person, since)):
                if chance(Question.OUTCOME, person.number, since.toordinal(), lead) < share:
                    yield deed._replace(
                        record_id=_record(person, since, lead),
                        account_id=_account(person, since, lead),
                    )


def _added_on(person: Person, day: date) -> int:
    """How many leads a representative added on a day."""
    ordinal = day.toordinal()
    if chance(Question.ADDS_RECORDS, person.number, ordinal) >= _ADD_ON:
        return 0
    if not person.is_at_work(day):
        return 0
    return 1 + one_of(_MOST_A_DAY, Question.HOW_MANY, person.number, ordinal)


def _since_last_at_work(person: Person, day: date) -> Iterator[date]:
    """The day and those before it on which the person was not at work, for a week at most."""
    yield day
    for before in range(1, 8):
        earlier = day - before * _ONE_DAY
        if person.is_at_work(earlier):
            return
        yield earlier


def _record(person: Person, day: date, lead: int) -> str:
    return f"lead-{day:%y%m%d}-{person.number}-{lead}"


def _account(person: Person, day: date, lead: int) -> str:
    return f"account-{day:%y%m%d}-{person.number}-{lead}"
