"""The measures of Trends as fields of the schema."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from shared.metrics.domain.views.trends_answer import TrendsMeasure

_FIELD: Final = {which: which.value.lower() for which in TrendsMeasure}


def _in_schema(field: str) -> str:
    first, *others = field.split("_")
    return first + "".join(part.capitalize() for part in others)


_MEASURES: Final = {
    **{_in_schema(field): frozenset({which}) for which, field in _FIELD.items()},
    "loginsPerActiveUser": frozenset({TrendsMeasure.LOGINS, TrendsMeasure.ACTIVE_USERS}),
}


def by_field(values: Mapping[TrendsMeasure, Any]) -> dict[str, Any]:
    """The values by the names of their fields; None for those that were not asked for, whose
    fields are not selected, and for those that cannot be known.
    """
    return {field: values.get(which) for which, field in _FIELD.items()}


def measures_among(names: Collection[str]) -> frozenset[TrendsMeasure]:
    """The measures that the selected fields, as named in the schema, are made of."""
    return frozenset().union(*(found for field, found in _MEASURES.items() if field in names))
