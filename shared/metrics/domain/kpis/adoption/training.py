"""Whether training reaches people, and whether it helps (definitions §5)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.adoption.stewardship import ADOPTION
from shared.metrics.domain.kpis.aggregation import Floats
from shared.metrics.domain.kpis.building import counted, measured, share
from shared.metrics.domain.kpis.deals import Deals
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import Example, record
from shared.metrics.domain.kpis.kpi import Counted, Derived, Kpi, Outcome, quotient
from shared.metrics.domain.kpis.people import People, activities_of
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.trainings import Trainings
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.field_maps import ROSTER
from shared.metrics.domain.records.from_rows import ChangeRow

_DAYS: Final = "trainingDays"
_FEWEST_IN_ARM: Final = 10


def training_coverage(scope: Scope) -> Rows:
    """Each person of the roster, and whether they have completed a training by then."""
    trainings = Trainings(People(replace(scope, as_of_ms=scope.at_ms)), days=0)
    people = trainings.people
    is_trained = trainings.first_day <= scope.day(scope.at_ms)
    known = people.is_employed & trainings.is_told
    return share(known, is_trained, people.now_ms, people.is_employed & ~known)


def trained_people(scope: Scope) -> Rows:
    """Each person who was first trained in the period, the days after it being over."""
    trainings = _trainings(scope)
    return counted(trainings.trained, trainings.people.now_ms, _nothing_told(trainings))


def untrained_peers(scope: Scope) -> Rows:
    """Each person who has the role of one of these, and was never trained."""
    trainings = _trainings(scope)
    return counted(trainings.peers, trainings.people.now_ms, _nothing_told(trainings))


def activities_after_training(scope: Scope) -> Rows:
    """Of each trained person the activities after the training, less those before."""
    return _activities(scope, of_peers=False)


def activities_of_peers(scope: Scope) -> Rows:
    """The same of each untrained peer, at the days on which those of their role were trained."""
    return _activities(scope, of_peers=True)


def wins_after_training(scope: Scope) -> Rows:
    """Of each trained person the deals won after the training, less those before."""
    return _wins(scope, of_peers=False)


def wins_of_peers(scope: Scope) -> Rows:
    """The same of each untrained peer, at the days on which those of their role were trained."""
    return _wins(scope, of_peers=True)


def effect(parts: Sequence[Floats]) -> Outcome:
    """Mean change of the trained - mean change of their peers, of at least ten of each."""
    trained, peers, change, change_of_peers = parts
    too_few = (trained < _FEWEST_IN_ARM) | (peers < _FEWEST_IN_ARM)
    value = quotient(change, trained) - quotient(change_of_peers, peers)
    return Outcome(value, ((too_few, Reason.NOT_ENOUGH_DATA),))


def _trainings(scope: Scope) -> Trainings:
    return Trainings(People(scope), int(scope.number(_DAYS)))


def _nothing_told(trainings: Trainings) -> NDArray[np.bool_]:
    return trainings.people.is_employed & (not trainings.is_told)


def _activities(scope: Scope, *, of_peers: bool) -> Rows:
    trainings = _trainings(scope)
    person, at_ms = activities_of(trainings.people)
    return _changes(trainings, person, at_ms, of_peers=of_peers)


def _wins(scope: Scope, *, of_peers: bool) -> Rows:
    trainings = _trainings(scope)
    deals = Deals(scope.read_at(scope.as_of_ms))
    person = trainings.people.table.rows_of(deals.table.column("owner").values)
    counts = (person != NO_RECORD) & deals.is_won & deals.closed.happened
    return _changes(trainings, person[counts], deals.closed.at_ms[counts], of_peers=of_peers)


def _changes(
    trainings: Trainings,
    person: NDArray[np.int64],
    at_ms: NDArray[np.int64],
    *,
    of_peers: bool,
) -> Rows:
    """Unknown of all if nobody is known to have ever done anything."""
    who = trainings.peers if of_peers else trainings.trained
    change = trainings.changes(person, at_ms)[of_peers]
    known = who & (len(person) > 0)
    return measured(known, change, trainings.people.now_ms, who & ~known)


def _arm(name: str, role: str, count: int, before: int, after: int) -> tuple[ChangeRow, ...]:
    """People who do so much before and after 1 November."""
    days = ["2026-10-20"] * before + ["2026-11-10"] * after
    who = [f"{name}{n}" for n in range(count)]
    return (
        *(record(ROSTER, each, "2026-01-01", role=role) for each in who),
        *(
            record("activity", f"{each}-{place}", day, owner=each, happened_at=day)
            for each in who
            for place, day in enumerate(days)
        ),
        *(
            record(
                "deal",
                f"{each}-{place}",
                day,
                owner=each,
                status="WON",
                closed_at=day,
            )
            for each in who
            for place, day in enumerate(days)
        ),
    )


def _trained(name: str, count: int, on: str = "2026-11-01") -> tuple[ChangeRow, ...]:
    return tuple(
        record("training", f"t-{name}{n}", on, person=f"{name}{n}", date=on, is_completed=True)
        for n in range(count)
    )


_ARMS: Final = (*_arm("ada", "Rep", 10, 1, 4), *_arm("bob", "Rep", 10, 1, 2))
_COMPARED: Final = (*_ARMS, *_trained("ada", 10), *_arm("cid", "Manager", 10, 0, 9))
"""Ten reps go from 1 to 4, and their untrained peers from 1 to 2; managers are no peers of reps."""

_NEVER_SENT: Final = Example(
    name="no training was ever sent", given=_ARMS, value=None, reason=Reason.UNKNOWN_FIELD
)
_NOBODY: Final = Example(
    name="nobody is in the roster", given=(), value=None, reason=Reason.NO_RECORDS
)
_WINDOW: Final = (
    Parameter(_DAYS, 28.0, "days that are looked at before and after a training", (7, 180)),
)


def _part(
    key: str, name: str, formula: str, rows: Callable[[Scope], Rows], example: Example
) -> Kpi:
    return Kpi(
        Entry(
            key=key,
            name=name,
            formula=formula,
            unit=MetricUnit.COUNT,
            grain="person",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=ADOPTION,
            parameters=_WINDOW,
        ),
        Counted(rows, Aggregation.SUM),
        (example, _NOBODY),
    )


def _effect(outcome: str, plural: str, parts: tuple[str, str]) -> Kpi:
    return Kpi(
        Entry(
            key=f"TRAINING_EFFECT_ON_{outcome}",
            name=f"Training effectiveness by {plural}",
            formula=f"mean change of {plural} from the 28 days before to the 28 days after a "
            "person's first training - the mean change of untrained people of the same role at the "
            "same days; of at least 10 people each",
            unit=MetricUnit.COUNT,
            grain="person",
            kind=Kind.KPI,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=ADOPTION,
            objective="Train in a way that changes what people do.",
            decision="Which training to repeat, to change or to drop.",
        ),
        Derived(("TRAINED_PEOPLE", "UNTRAINED_PEERS", *parts), effect),
        (
            Example(name="3 more against 1 more", given=_COMPARED, value=2),
            Example(
                name="nine were trained",
                given=(*_ARMS, *_trained("ada", 9)),
                value=None,
                reason=Reason.NOT_ENOUGH_DATA,
            ),
            Example(
                name="the days after are not over",
                given=(*_ARMS, *_trained("ada", 10, "2026-11-20")),
                value=None,
                reason=Reason.NOT_ENOUGH_DATA,
            ),
            _NEVER_SENT,
        ),
    )


_ITS_DAYS: Final = "in the 28 days after a training - in the 28 before it"

KPIS: Final = (
    Kpi(
        Entry(
            key="TRAINING_COVERAGE",
            name="Training coverage",
            formula="people of the roster who have completed a training / people of the roster, "
            "without integrations and deactivated people",
            unit=MetricUnit.RATIO,
            grain="person",
            kind=Kind.KPI,
            type=MetricType.DESCRIPTIVE,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=ADOPTION,
            objective="Let nobody work with a CRM that they were never shown.",
            decision="Whom to invite to the next training.",
        ),
        Counted(training_coverage, Aggregation.RATIO),
        (Example(name="10 of 30", given=_COMPARED, value=1 / 3), _NEVER_SENT),
    ),
    _part(
        "TRAINED_PEOPLE",
        "People trained",
        "people whose first training lies in the period, and the 28 days after it are over",
        trained_people,
        Example(name="ten", given=_COMPARED, value=10),
    ),
    _part(
        "UNTRAINED_PEERS",
        "Untrained peers",
        "people of the roles of those trained in the period who never completed a training",
        untrained_peers,
        Example(name="ten of the same role", given=_COMPARED, value=10),
    ),
    _part(
        "ACTIVITIES_GAINED_BY_TRAINED",
        "Activities gained by those trained",
        f"sum over people trained of activities {_ITS_DAYS}",
        activities_after_training,
        Example(name="3 each", given=_COMPARED, value=30),
    ),
    _part(
        "ACTIVITIES_GAINED_BY_PEERS",
        "Activities gained by untrained peers",
        f"sum over untrained peers of activities {_ITS_DAYS}, mean over the trainings of their "
        "role",
        activities_of_peers,
        Example(name="1 each", given=_COMPARED, value=10),
    ),
    _part(
        "WINS_GAINED_BY_TRAINED",
        "Won deals gained by those trained",
        f"sum over people trained of deals won {_ITS_DAYS}",
        wins_after_training,
        Example(name="3 each", given=_COMPARED, value=30),
    ),
    _part(
        "WINS_GAINED_BY_PEERS",
        "Won deals gained by untrained peers",
        f"sum over untrained peers of deals won {_ITS_DAYS}, mean over the trainings of their role",
        wins_of_peers,
        Example(name="1 each", given=_COMPARED, value=10),
    ),
    _effect(
        "ACTIVITIES", "activities", ("ACTIVITIES_GAINED_BY_TRAINED", "ACTIVITIES_GAINED_BY_PEERS")
    ),
    _effect("WINS", "won deals", ("WINS_GAINED_BY_TRAINED", "WINS_GAINED_BY_PEERS")),
)
