"""The scalars of the schema, stricter than the built-in ones."""

import re
from datetime import UTC, date, datetime
from typing import Final, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

Count = NewType("Count", int)
Milliseconds = NewType("Milliseconds", int)
JsonText = NewType("JsonText", str)

_MAX_64_BIT: Final = 2**63 - 1
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


def _whole(value: object) -> int:
    """A number of 64 bits; bool is no number, and neither is one of numpy's."""
    if type(value) is not int or abs(value) > _MAX_64_BIT:
        raise ValueError("expected a whole number of at most 64 bits")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError('give a JSON object as text, such as "{}"')
    return value


def _parse_day(value: object) -> date:
    # fromisoformat also takes 20261122 and 2026-W47-7.
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("give a day as YYYY-MM-DD, such as 2026-11-22")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("there is no such day; give one such as 2026-11-22") from None


def _format_instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant without a time zone means a different one to every reader")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parse_instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("give a time with its offset, such as 2026-11-22T06:32:00Z")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("there is no such time; give one such as 2026-11-22T06:32:00Z") from None


SCALARS: Final[dict[object, ScalarDefinition]] = {
    Count: strawberry.scalar(
        name="Count",
        description="A whole number of up to 64 bits; `Int` has 32.",
        serialize=_whole,
        parse_value=_whole,
    ),
    Milliseconds: strawberry.scalar(
        name="Milliseconds",
        description="A length of time in milliseconds, of up to 64 bits.",
        serialize=_whole,
        parse_value=_whole,
    ),
    JsonText: strawberry.scalar(
        name="JsonText",
        description="A JSON object, written as text of at most 8 000 bytes. It is kept and given "
        "back in canonical form: keys sorted, without white space.",
        serialize=str,
        parse_value=_text,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A local day in the tenant's time zone, as YYYY-MM-DD.",
        serialize=date.isoformat,
        parse_value=_parse_day,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant, as 2026-11-22T06:32:00.000Z; one without an offset is refused.",
        serialize=_format_instant,
        parse_value=_parse_instant,
    ),
}
