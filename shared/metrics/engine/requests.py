"""What can be asked of the views, as explicit values."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from shared.metrics.domain.conditions import Condition
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison, Preset, Window
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection
from shared.metrics.domain.views.answers import HomeAnswer
from shared.metrics.domain.views.people_answers import PersonSort, Position, UserAnalyticsAnswer
from shared.metrics.domain.views.trends_answer import TrendsAnswer, TrendsMeasure

A = TypeVar("A")


class AttributeValues(Enum):
    """Which value of an attribute a filter or a group looks at."""

    ON_DAY = "ON_DAY"
    CURRENT = "CURRENT"


class Interval(Enum):
    """The length of a point of a series."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


class PeopleAttribute(Enum):
    """What people can be filtered and grouped by; the values are the roster's attributes."""

    LANGUAGE = "language"
    COUNTRY = "country"
    TIME_ZONE = "time_zone"
    ACCOUNT_STATUS = "account_status"
    ROLE = "role"
    TEAM = "team"


FILTERED_ATTRIBUTES: Final = tuple(attribute.value for attribute in PeopleAttribute)
"""The same as names of fields."""


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people count: any of the values within a field, all of the fields.

    None does not filter; the value `(not set)` matches people without one. `segment` is the id of
    a saved segment: only its members count.
    """

    language: tuple[str, ...] | None = None
    country: tuple[str, ...] | None = None
    time_zone: tuple[str, ...] | None = None
    account_status: tuple[str, ...] | None = None
    attribute_values: AttributeValues = AttributeValues.ON_DAY
    role: tuple[str, ...] | None = None
    team: tuple[str, ...] | None = None
    segment: str | None = None

    def conditions(self) -> dict[str, tuple[str, ...]]:
        """The fields that are filtered, by roster attribute."""
        fields = {name: getattr(self, name) for name in FILTERED_ATTRIBUTES}
        return {name: values for name, values in fields.items() if values is not None}

    @property
    def filters(self) -> bool:
        """Whether it leaves anyone out."""
        return self.segment is not None or bool(self.conditions())


EVERYONE: Final = PeopleFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[A]):
    """A question to one tenant's data that is answered with an `A`.

    The range is `window`, or the one that `preset` names, or else the last 30 complete days.
    """

    tenant: str
    window: Window | None = None
    preset: Preset | None = None
    include_today: bool = False
    people: PeopleFilter = EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRequest(Request[HomeAnswer]):
    """Home: what happened in a range, beside an earlier one."""

    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    top: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendsRequest(Request[TrendsAnswer]):
    """Measures by interval, of all use or of a selection, and of groups of it if asked for.

    `totals` asks for the measures over the whole range; distinct people take longer there than by
    day. Groups of people have the values that the filter looks at.
    """

    interval: Interval = Interval.DAY
    selection: FeatureSelection = EVERYTHING
    measures: frozenset[TrendsMeasure] = frozenset(TrendsMeasure) - {TrendsMeasure.RECORDS}
    group_by: PeopleAttribute | Part | None = None
    comparison: Comparison | None = None
    totals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAnalyticsRequest(Request[UserAnalyticsAnswer]):
    """The people of the roster of a range who satisfy all conditions, with their metrics.

    `features` are the chosen ones, whose hits each person is shown with. `first` people after a
    place in the order are answered; all of them if it is None. `working_days` asks for their
    working-day attendance.
    """

    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    conditions: tuple[Condition, ...] = ()
    features: tuple[FeatureSelection, ...] = ()
    sort: PersonSort = PersonSort.USER_ID
    descending: bool = False
    first: int | None = None
    after: Position | None = None
    working_days: bool = False
