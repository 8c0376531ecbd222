"""The time column of a file: from text to milliseconds UTC."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from devstack.importing.turned_away import TurnedAwayError, Why
from shared.metrics.domain.errors import BadInputError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_FIRST_PLAUSIBLE_MS: Final = 100_000_000_000
"""March 1973 in milliseconds, but the year 5138 in seconds."""

_MAX_DIGITS: Final = 15


class TimeReader:
    """Reads times. Those without an offset are wall clocks in `zone`, if there is one."""

    def __init__(self, zone: ZoneInfo | None) -> None:
        self._zone = zone

    def milliseconds(self, text: str) -> int:
        """Milliseconds since 1970 UTC; TurnedAwayError if the text names no instant."""
        if text.isdecimal():
            return _from_number(text)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            detail = f"{text[:40]!r} is neither an ISO 8601 time nor milliseconds since 1970"
            raise TurnedAwayError(Why.BAD_TIME, detail) from None
        if moment.tzinfo is None:
            moment = self._placed(moment)
        try:
            return (moment - _EPOCH) // _MILLISECOND
        except OverflowError:  # an offset at the very ends of the calendar
            detail = f"{text[:40]!r} is before the year 1 or after the year 9999"
            raise TurnedAwayError(Why.BAD_TIME, detail) from None

    def _placed(self, wall_clock: datetime) -> datetime:
        """The instant of a wall clock: the first of two where clocks go back."""
        if self._zone is None:
            detail = f"{wall_clock} has no offset; --time-zone says what zone it is in"
            raise TurnedAwayError(Why.TIME_WITHOUT_ZONE, detail)
        try:
            instant = wall_clock.replace(tzinfo=self._zone).astimezone(UTC)
            shown = instant.astimezone(self._zone)
        except OverflowError:
            detail = f"{wall_clock} is at the very end of the calendar"
            raise TurnedAwayError(Why.BAD_TIME, detail) from None
        if shown.replace(tzinfo=None, fold=0) != wall_clock:
            detail = f"no clock in {self._zone.key} ever showed {wall_clock}: it went forward"
            raise TurnedAwayError(Why.TIME_SKIPPED, detail)
        return instant


def instant_of(option: str, text: str, zone: ZoneInfo | None) -> int:
    """The instant that an option gives; BadInputError if it is none."""
    try:
        return TimeReader(zone).milliseconds(text)
    except TurnedAwayError as error:
        raise BadInputError(f"{option}: {error}", field=option.lstrip("-")) from None


def _from_number(text: str) -> int:
    number = int(text[: _MAX_DIGITS + 1])
    if number < _FIRST_PLAUSIBLE_MS:
        detail = f"{text} looks like seconds or a date; give milliseconds since 1970, or ISO 8601"
        raise TurnedAwayError(Why.BAD_TIME, detail)
    if len(text) > _MAX_DIGITS:
        detail = f"{text[:40]} is too large for milliseconds since 1970"
        raise TurnedAwayError(Why.BAD_TIME, detail)
    return number
