"""How much people log, and how unevenly."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.building import measured, share
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import Example, record
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.people import People, activities_of
from shared.metrics.domain.kpis.quality.detector import detector
from shared.metrics.domain.kpis.quality.stewardship import DATA_QUALITY
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.field_maps import ROSTER

_FRACTION: Final = "littleFraction"


def activities_per_person(scope: Scope) -> Rows:
    """The activities of each person of the roster that happened in the period."""
    people = People(scope)
    logged, is_told = _logged(people)
    known = people.is_employed & is_told
    return measured(known, logged, people.now_ms, people.is_employed & ~known)


def uneven_logging(scope: Scope) -> Rows:
    """Each person of the roster, and whether they have logged much less than the median person."""
    people = People(scope)
    logged, is_told = _logged(people)
    known = people.is_employed & is_told
    median = float(np.median(logged[known])) if known.any() else 0.0
    is_little = logged < median * scope.number(_FRACTION)
    return share(known, is_little, people.now_ms, people.is_employed & ~known)


def _logged(people: People) -> tuple[NDArray[np.int64], bool]:
    """The activities of each person in the period; and whether any activity was ever sent."""
    row, at_ms = activities_of(people)
    inside = (at_ms >= people.scope.start_ms) & (at_ms < people.scope.end_ms)
    return np.bincount(row[inside], minlength=len(people)), len(row) > 0


_PEOPLE: Final = (
    record(ROSTER, "ada", "2026-01-01", team="North"),
    record(ROSTER, "bob", "2026-01-01", team="North"),
    record(ROSTER, "cid", "2026-01-01", team="South"),
    record(ROSTER, "dan", "2026-01-01", team="South", account_status="inactive"),
    record(ROSTER, "sync", "2026-01-01", is_integration=True),
)
_LOGGED: Final = (
    *_PEOPLE,
    *(
        record("activity", f"{who}{n}", "2026-11-05", owner=who, happened_at="2026-11-05")
        for who, times in (("ada", 6), ("bob", 4), ("cid", 1), ("sync", 50))
        for n in range(times)
    ),
)
_NEVER_SENT: Final = Example(
    name="no activity was ever sent", given=_PEOPLE, value=None, reason=Reason.UNKNOWN_FIELD
)

KPIS: Final = (
    Kpi(
        Entry(
            key="ACTIVITIES_PER_PERSON",
            name="Activities per person",
            formula="activities that happened in the period / people of the roster at its end, "
            "without integrations and deactivated people",
            unit=MetricUnit.COUNT,
            grain="person",
            kind=Kind.METRIC,
            type=MetricType.DIAGNOSTIC,
            rule=TimeRule.INSTANT,
            better_is=BetterIs.HIGHER,
            stewardship=DATA_QUALITY,
        ),
        Counted(activities_per_person, Aggregation.RATIO),
        (
            Example(
                name="by team",
                given=_LOGGED,
                value=11 / 3,
                group_by=Dimension.TEAM,
                groups={"North": 5, "South": 1},
            ),
            _NEVER_SENT,
        ),
    ),
    detector(
        "UNEVEN_LOGGING",
        "Uneven logging",
        "people who logged less than half of what the median person logged in the period / people "
        "of the roster at its end, without integrations and deactivated people",
        "person",
        TimeRule.INSTANT,
        uneven_logging,
        objective="Compare teams that log alike.",
        decision="Which team's numbers not to compare before its logging is mended.",
        parameters=(Parameter(_FRACTION, 0.5, "which part of the median is little", (0.05, 1)),),
        examples=(
            Example(
                name="by team",
                given=_LOGGED,
                value=1 / 3,
                group_by=Dimension.TEAM,
                groups={"North": 0, "South": 1},
            ),
            _NEVER_SENT,
        ),
    ),
)
