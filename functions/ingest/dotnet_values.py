"""What .NET writes as JSON, as plain values: collections of pairs, and values that say their type.

Entities of Dataverse have their attributes in such a collection.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.ingest import times

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Pairs = list[dict[str, Any]]
"""A .NET collection: objects of a `key` and a `value`."""


def by_key(pairs: object) -> dict[str, Any]:
    """A .NET collection as a mapping; pairs without a key are none."""
    if not isinstance(pairs, list):
        return {}
    return {
        pair["key"]: pair.get("value")
        for pair in pairs
        if isinstance(pair, dict) and isinstance(pair.get("key"), str)
    }


def first_image(images: Pairs | None) -> dict[str, Any]:
    """The fields of the first image of a record as it was before."""
    return next((attributes_of(image) for image in by_key(images).values()), {})


def attributes_of(entity: object) -> dict[str, Any]:
    """The attributes of an entity as plain values; none of what only refers to one."""
    if not isinstance(entity, dict):
        return {}
    attributes = by_key(entity.get("Attributes"))
    return {name: plain(value) for name, value in attributes.items()}


def plain(value: object) -> object:
    """A value out of its .NET type: the id of a reference, the number of an option or of money, a
    date as ISO 8601.
    """
    if isinstance(value, dict):
        kind = str(value.get("__type", "")).partition(":")[0]
        if kind == "EntityReference":
            return value.get("Id")
        return plain(value["Value"]) if "Value" in value else value
    if isinstance(value, list):
        return [plain(each) for each in value]
    return _iso(value) if isinstance(value, str) else value


def _iso(text: str) -> str:
    """A .NET date as ISO 8601, if it is one that has a year of four digits; else the text."""
    number = times.dotnet_milliseconds(text)
    try:
        moment = None if number is None else _EPOCH + timedelta(milliseconds=number)
    except OverflowError:
        return text
    return text if moment is None else moment.isoformat(timespec="milliseconds")
