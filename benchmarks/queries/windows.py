"""The windows of the questions as numbers of days; the last day is yesterday."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from benchmarks.company.size import FIRST_DAY, Size
from shared.metrics.domain.periods import Window

_SHIFT: Final = FIRST_DAY.weekday()
WEEK: Final = f"(day + {_SHIFT} - (day + {_SHIFT}) % 7)"
"""Seven times the number of the ISO week of `day`, in SQL."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days by number, both ends included."""

    first: int
    last: int

    @property
    def previous(self) -> "Days":
        """As many days directly before."""
        return Days(self.first - len(self), self.first - 1)

    @property
    def window(self) -> Window:
        """The same as dates."""
        return Window(*(FIRST_DAY + timedelta(days=day) for day in (self.first, self.last)))

    def asked_in(self, document: str) -> str:
        """A GraphQL document with the dates in place of $first and $last."""
        window = self.window
        return document.replace("$first", str(window.first)).replace("$last", str(window.last))

    def __len__(self) -> int:
        """How many."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        """As a condition in SQL."""
        return f"day between {self.first} and {self.last}"


def last_days(size: Size, days: int) -> Days:
    """The last days, or all there are."""
    return Days(max(size.days - days, 0), size.days - 1)


def week_of(day: int) -> int:
    """The number of the ISO week of a day."""
    return (day + _SHIFT) // 7


def monday(week: int) -> int:
    """The first day of a week; the first week's is before day 0."""
    return week * 7 - _SHIFT
