"""The times that senders give, as milliseconds since 1970 in UTC.

Each sender has its own way, and a number or a text that could be read in two ways is turned away:
seconds and milliseconds are told apart by their size, and a wall clock needs an offset.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from functions.ingest.rows import Reason, RowError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_FIRST_PLAUSIBLE_MS: Final = 100_000_000_000
"""March 1973 in milliseconds, the year 5138 in seconds."""

_LAST_MS: Final = 10**15
"""The year 33 658."""

_PLAUSIBLE_SECONDS: Final = (100_000_000, 10_000_000_000)
"""March 1973, and the year 2286: milliseconds begin well above."""

_DOTNET_DATE: Final = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/", re.ASCII)
_SHOWN: Final = 40


def from_milliseconds(number: int, name: str) -> int:
    """A number of milliseconds; RowError if it looks like seconds. `name` is the field's."""
    if 0 <= number < _FIRST_PLAUSIBLE_MS:
        detail = f"{name} {number} looks like seconds; milliseconds since 1970 are expected"
        raise RowError(Reason.AMBIGUOUS_TIME, detail)
    return _in_bounds(number, name)


def from_seconds(number: int, name: str) -> int:
    """A number of seconds; RowError if it looks like milliseconds."""
    if number >= _FIRST_PLAUSIBLE_MS:
        detail = f"{name} {str(number)[:_SHOWN]} looks like milliseconds; seconds are expected"
        raise RowError(Reason.AMBIGUOUS_TIME, detail)
    return _in_bounds(number * 1_000, name)


def from_seconds_or_milliseconds(number: float, name: str) -> int:
    """A number of either, told apart by its size; RowError if it could be neither or both."""
    if _PLAUSIBLE_SECONDS[0] <= number < _PLAUSIBLE_SECONDS[1]:
        return round(number * 1_000)
    if _FIRST_PLAUSIBLE_MS <= number < _LAST_MS:
        return round(number)
    detail = f"{name} {str(number)[:_SHOWN]} is plausible neither in seconds nor in milliseconds"
    raise RowError(Reason.AMBIGUOUS_TIME, detail)


def from_iso_8601(text: str, name: str) -> int:
    """A date and time with an offset; RowError if it is none, or has no offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        detail = f"{name} {text[:_SHOWN]!r} is not a time such as 2026-11-22T10:00:00+01:00"
        raise RowError(Reason.INVALID_ROW, detail) from None
    if moment.tzinfo is None:
        detail = f"{name} {text[:_SHOWN]!r} has no offset, such as Z or +01:00"
        raise RowError(Reason.AMBIGUOUS_TIME, detail)
    return (moment - _EPOCH) // _MILLISECOND


def from_dotnet_date(text: str, name: str) -> int:
    """The time of a .NET date; RowError if it is none."""
    number = dotnet_milliseconds(text)
    if number is None:
        detail = f"{name} {text[:_SHOWN]!r} is not a date such as /Date(1718000000000)/"
        raise RowError(Reason.INVALID_ROW, detail)
    return from_milliseconds(number, name)


def dotnet_milliseconds(text: str) -> int | None:
    """The number in a .NET date such as `/Date(1718000000000+0200)/`, milliseconds in UTC: the
    offset only says how to show it. None if it is no such date.
    """
    found = _DOTNET_DATE.fullmatch(text)
    return None if found is None else int(found[1])


def _in_bounds(number: int, name: str) -> int:
    if abs(number) >= _LAST_MS:
        raise RowError(Reason.INVALID_ROW, f"{name} is too large for a time")
    return number
