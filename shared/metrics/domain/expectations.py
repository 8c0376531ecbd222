"""On which days a source should send something (definitions §6)."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

_SATURDAY: Final = 5


class Expectation(Enum):
    """On which days a source should send: as its own rhythm says (`rhythms.py`), on none, from
    Monday to Friday, or on every day.
    """

    AUTO = "AUTO"
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
        if day < self.since:
            return False
        is_weekday = self.days is Expectation.WEEKDAYS and day.weekday() < _SATURDAY
        return self.days is Expectation.DAILY or is_weekday
