"""What the queries ask of an engine.

Both are given what makes them fast: people, records and days as numbers, names as dictionary codes,
tables in their own format on disk, sorted by day, with everything in the page cache. The directory
is a table of versions by day, so that a person's value on a day is a join.
"""

from pathlib import Path
from typing import Any, Protocol

Rows = list[tuple[Any, ...]]


class Engine(Protocol):
    """An engine that holds the events, in two tables.

    `events` (day, person, feature, property, attribute, action, record, time_ms): a row an event;
    `directory` (person, first_day, last_day, country, …, account_status): a row a version.
    """

    name: str
    features_used: str
    """How many features there are in the sets `features` of some rows, in SQL."""
    set_of_people: str
    """The set of the people of some rows, in SQL."""

    def load(self, folder: Path) -> None:
        """Load the files in a folder (files.py), and make the roll-ups."""

    def distinct_people(self, condition: str = "true") -> str:
        """How many people there are in the sets `people` of the rows that meet a condition."""

    def rows(self, sql: str) -> Rows:
        """The rows of an answer, as Python values."""

    def keep(self, name: str, sql: str) -> None:
        """Keep the rows of an answer as a temporary table, in place of an earlier one."""
