"""On which days a source should send something (definitions §6)."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

_SATURDAY: Final = 5


class Expectation(Enum):
    """On which days a source should send: none, Monday to Friday, or every day."""

    NONE = "NONE"
    WEEKDAYS = "WEEKDAYS"
    DAILY = "DAILY"


@dataclass(frozen=True, slots=True)
class ExpectedSource:
    """On which days a source should send, the first of them `since` or later."""

    days: Expectation
    since: date

    def covers(self, day: date) -> bool:
        """Whether something is expected on a day."""
        if day < self.since or self.days is Expectation.NONE:
            return False
        return self.days is Expectation.DAILY or day.weekday() < _SATURDAY
