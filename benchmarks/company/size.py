"""How large a company is, and its calendar, which is in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

DAY_MS: Final = 86_400_000
FIRST_DAY: Final = date(2026, 1, 1)
FIRST_MS: Final = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1000


@dataclass(frozen=True, slots=True)
class Size:
    """So many people over so many days, with so many events on an average day."""

    people: int
    days: int
    events: int

    @property
    def last_day(self) -> date:
        """The last day with events: yesterday, when the questions are asked."""
        return FIRST_DAY + timedelta(days=self.days - 1)

    @property
    def now_ms(self) -> int:
        """The instant of all questions: an hour into the day after the last."""
        return FIRST_MS + self.days * DAY_MS + 3_600_000

    def __str__(self) -> str:
        """As in the heads of tables."""
        return f"{self.people:,} people, {self.days} days, {self.events:,} events a day"


def day_ms(day: date) -> int:
    """The first instant of a day."""
    return FIRST_MS + (day - FIRST_DAY).days * DAY_MS
