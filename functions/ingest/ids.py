"""Ids as senders write them."""

Id = str | int | float | None
"""What an id may be in JSON."""


def as_id(value: object) -> str:
    """An id to the byte, numbers as their digits; `""` if there is none."""
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else ""
