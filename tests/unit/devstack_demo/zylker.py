"""The company as the tests look at it: its rows by reporting day, and plain counts of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from devstack.demo.company import Company
from devstack.demo.rows import Row

FIRST_SHOWN = date(2026, 11, 21)
ONE_DAY = timedelta(days=1)

Days = Mapping[date, list[Row]]


def usage(company: Company, first: date, last: date) -> dict[date, list[Row]]:
    """The rows of each reporting day, without the directory's."""
    return {
        day: [row for row in rows if isinstance(row, Row)]
        for day, rows in company.reporting_days(first, last)
    }


def window(last: date, length: int) -> list[date]:
    """So many days that end with `last`."""
    return [last - before * ONE_DAY for before in range(length)]


def is_hit(row: Row) -> bool:
    """Definitions §2, in so many words."""
    return row.actor_kind == "USER" and row.signal != "SYSTEM" and bool(row.feature)


def is_activity(row: Row) -> bool:
    """A login or a hit."""
    return is_hit(row) or row.action == "login"


def hits(days: Days, of: Iterable[date]) -> list[Row]:
    """The hits of some days."""
    return [row for day in of for row in days[day] if is_hit(row)]


def features(days: Days, of: Iterable[date]) -> set[str]:
    """The distinct features with a hit on some days."""
    return {row.feature for row in hits(days, of)}


def by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by user id."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.user_id].append(row)
    return found
