"""The effect of training, against a plain loop over people and what they did."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.kpis.examples import record
from shared.metrics.domain.kpis.vocabulary import Reason
from shared.metrics.domain.records.field_maps import ROSTER
from shared.metrics.domain.records.from_rows import ChangeRow
from tests.unit.domain.kpis.asking import asked

FIRST = date(2026, 9, 1)
LAST = date(2026, 9, 30)
ASKED = date(2026, 10, 31)
BEGUN = ASKED + timedelta(days=1)
"""It is asked as ASKED is over, and what is of a date has happened as that day begins."""
WINDOW = 28
DAYS = st.integers(-45, 75).map(lambda days: FIRST + timedelta(days=days))
PERSON = st.tuples(
    st.sampled_from(["Rep", "Manager"]), st.none() | DAYS, st.lists(DAYS, max_size=6)
)
Person = tuple[str, date | None, list[date]]


def change(did: list[date], around: date) -> int:
    days = [(day - around).days for day in did if day <= ASKED]
    return sum(0 < day <= WINDOW for day in days) - sum(-WINDOW <= day < 0 for day in days)


def effect(people: list[Person]) -> float | None:
    trained = [
        (role, day, did)
        for role, day, did in people
        if day is not None and FIRST <= day <= LAST and day + timedelta(days=WINDOW) <= ASKED
    ]
    peers = [
        (role, did)
        for role, day, did in people
        if (day is None or day > BEGUN) and role in {each[0] for each in trained}
    ]
    if min(len(trained), len(peers)) < 10:
        return None
    own = [change(did, day) for _, day, did in trained]
    others = []
    for role, did in peers:
        days = [day for other, day, _ in trained if other == role]
        others.append(sum(change(did, day) for day in days) / len(days))
    return sum(own) / len(own) - sum(others) / len(others)


def rows_of(people: list[Person]) -> list[ChangeRow]:
    rows = [
        record("training", "elsewhere", "2026-01-01", person="x", date="2026-01-01"),
        record(ROSTER, "x", "2026-01-01", role="Rep"),
        record("activity", "elsewhere", "2026-01-01", owner="x", happened_at="2026-01-01"),
    ]
    for number, (role, trained, did) in enumerate(people):
        who = f"p{number}"
        rows.append(record(ROSTER, who, "2026-01-01", role=role))
        if trained is not None:
            rows.append(record("training", f"t{who}", "2026-01-01", person=who, date=str(trained)))
        rows += [
            record("activity", f"{who}-{place}", "2026-01-01", owner=who, happened_at=str(day))
            for place, day in enumerate(did)
        ]
    return rows


@given(st.lists(PERSON, max_size=20), st.lists(PERSON, min_size=16, max_size=40))
def test_the_effect_is_that_of_a_plain_loop(few: list[Person], many: list[Person]) -> None:
    trained_in_time = [
        (role, FIRST if place % 2 else None, did) for place, (role, _, did) in enumerate(many)
    ]
    people = few + trained_in_time
    answer = asked(
        "TRAINING_EFFECT_ON_ACTIVITIES",
        rows_of(people),
        (str(FIRST), str(LAST)),
        at=str(ASKED),
    )
    expected = effect(people)
    if expected is None:
        assert answer.current.reason is Reason.NOT_ENOUGH_DATA
    else:
        assert answer.current.value == pytest.approx(expected, abs=1e-9)


def test_a_training_that_is_there_twice_counts_once() -> None:
    rows = rows_of([("Rep", FIRST, []), ("Rep", None, [])])
    again = record("training", "again", "2026-01-01", person="p0", date=str(FIRST))
    period = (str(FIRST), str(LAST))
    for given_ in (rows, [*rows, again]):
        answer = asked("TRAINED_PEOPLE", given_, period, at=str(ASKED))
        assert answer.current.value == 1


def test_a_training_that_was_not_completed_is_none() -> None:
    rows = rows_of([("Rep", None, [])])
    missed = record("training", "m", "2026-01-01", person="p0", date=str(FIRST), is_completed=False)
    answer = asked("TRAINED_PEOPLE", [*rows, missed], (str(FIRST), str(LAST)), at=str(ASKED))
    assert answer.current.value == 0
