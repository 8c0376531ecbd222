"""What senders write in fields, read as the types of fields say."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from shared.metrics.domain.record_changes import Value
from shared.metrics.domain.records.field_columns import FieldType
from shared.metrics.domain.records.money import thousandths

Typed = str | int | float | bool

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY: Final = date(1970, 1, 1)
_TRUE: Final = frozenset({"true", "1", "yes", "y", "t"})
_FALSE: Final = frozenset({"false", "0", "no", "n", "f"})
_MOST_DIGITS: Final = 15
_MOST_DIGITS_OF_MONEY: Final = 12
"""Before the point, plus 1: in thousandths, doubled, they fit 64 bits."""

_FIRST_MILLISECONDS: Final = 100_000_000_000
"""Instants as numbers below this are seconds: as milliseconds they would be before March 1973."""


class UnreadableError(ValueError):
    """A value is not of the type of its field."""


def typed(field_type: FieldType, value: Value) -> Typed | None:
    """A value as its field has it; None if it is empty. UnreadableError if it is of another type.

    Money in thousandths of the major unit, references as ids. Instants without a zone are UTC;
    several choices of a list are one text, sorted.
    """
    if isinstance(value, list):
        value = ";".join(sorted(value))
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    try:
        return _READERS[field_type](value)
    except (ValueError, OverflowError, InvalidOperation) as error:
        raise UnreadableError(f"{value!r} is no {field_type.value}") from error


def _text(value: Typed) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _decimal(value: Typed) -> Decimal:
    if isinstance(value, bool):
        raise UnreadableError(f"{value!r} is no number")
    number = Decimal(str(value))
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        raise UnreadableError(f"{value!r} is out of range")
    return number


def _number(value: Typed) -> float:
    return float(_decimal(value))


def _integer(value: Typed) -> int:
    number = _decimal(value)
    if number != int(number):
        raise UnreadableError(f"{value!r} is no whole number")
    return int(number)


def _money(value: Typed) -> int:
    amount = _decimal(value)
    if amount.adjusted() > _MOST_DIGITS_OF_MONEY:
        raise UnreadableError(f"{value!r} is out of range")
    return thousandths(amount)


def _boolean(value: Typed) -> bool:
    text = _text(value).lower()
    if text not in _TRUE | _FALSE:
        raise UnreadableError(f"{value!r} is neither true nor false")
    return text in _TRUE


def _instant(value: Typed) -> int:
    number = _as_whole_number(value)
    if number is not None:
        return number * 1000 if abs(number) < _FIRST_MILLISECONDS else number
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    since = instant - _EPOCH
    return since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000


def _day(value: Typed) -> int:
    number = _as_whole_number(value)
    if number is not None:
        return _instant(number) // 86_400_000
    return (date.fromisoformat(str(value)[:10]) - _FIRST_DAY).days


def _as_whole_number(value: Typed) -> int | None:
    """The number that a value is, or is written as; None if it is none."""
    if isinstance(value, str):
        is_dated = len(value) == len("20260131") and value.startswith(("19", "20"))
        is_number = value.lstrip("-").isdecimal() and not is_dated
        return int(value) if is_number and len(value) <= _MOST_DIGITS else None
    return _integer(value)


_READERS: Final[Mapping[FieldType, Callable[[Typed], Typed]]] = {
    FieldType.TEXT: _text,
    FieldType.REFERENCE: _text,
    FieldType.INSTANT: _instant,
    FieldType.DATE: _day,
    FieldType.MONEY: _money,
    FieldType.NUMBER: _number,
    FieldType.INTEGER: _integer,
    FieldType.BOOLEAN: _boolean,
}
