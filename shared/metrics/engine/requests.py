"""What can be asked of the views, as explicit values."""

from dataclasses import dataclass
from enum import Enum

from shared.metrics.domain.periods import Comparison, Window


class AttributeValues(Enum):
    """Which value of an attribute a filter looks at."""

    ON_DAY = "ON_DAY"
    CURRENT = "CURRENT"


class Interval(Enum):
    """The length of a point of a series."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Which people count: any of the values within a field, all of the fields.

    None does not filter; the value `(not set)` matches people without one.
    """

    language: tuple[str, ...] | None = None
    country: tuple[str, ...] | None = None
    time_zone: tuple[str, ...] | None = None
    account_status: tuple[str, ...] | None = None
    attribute_values: AttributeValues = AttributeValues.ON_DAY

    def conditions(self) -> dict[str, tuple[str, ...]]:
        """The fields that are filtered, by roster attribute."""
        fields = {
            "language": self.language,
            "country": self.country,
            "time_zone": self.time_zone,
            "account_status": self.account_status,
        }
        return {name: values for name, values in fields.items() if values is not None}


@dataclass(frozen=True, slots=True)
class HomeRequest:
    """Home over a window, or over the default 30 days when there is none."""

    tenant: str
    window: Window | None = None
    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    people: PeopleFilter = PeopleFilter()
    include_today: bool = False
    top: int = 10


@dataclass(frozen=True, slots=True)
class TrendsRequest:
    """Whole-tenant measures by interval."""

    tenant: str
    window: Window | None = None
    interval: Interval = Interval.DAY
    people: PeopleFilter = PeopleFilter()
    include_today: bool = False


@dataclass(frozen=True, slots=True)
class UserAnalyticsRequest:
    """The active people of a window with their metrics."""

    tenant: str
    window: Window | None = None
    people: PeopleFilter = PeopleFilter()
    include_today: bool = False
