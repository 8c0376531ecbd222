"""What records can be filtered and grouped by.

A dimension of a record is a field of it, or of a record that it refers to, or of one that that one
refers to. References are many-to-one, so a record has one value in each dimension: no question can
multiply what it counts.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Final

import numpy as np

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.kpis.rows import Labels
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.record_fields import FIELDS
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import RecordType
from shared.metrics.domain.unset import NOT_SET

UNKNOWN: Final = "(unknown)"
"""The value of what is neither known to be something nor known to be empty."""


class Dimension(Enum):
    """A dimension; its value is the field that has it."""

    OWNER = "owner"
    TEAM = "team"
    REGION = "region"
    COUNTRY = "country"
    INDUSTRY = "industry"
    SEGMENT = "segment"
    SOURCE = "source"
    MEDIUM = "medium"
    CAMPAIGN = "campaign"
    PRODUCT = "product"
    PRODUCT_FAMILY = "family"
    ACCOUNT = "account"
    PARENT_ACCOUNT = "parent"
    PIPELINE = "pipeline"
    STAGE = "stage"
    FORECAST_CATEGORY = "forecast_category"
    LOST_REASON = "lost_reason"
    CHURN_REASON = "churn_reason"
    CATEGORY = "category"
    PRIORITY = "priority"
    CHANNEL = "channel"
    KIND = "kind"
    STATUS = "status"
    ROLE = "role"


_OF_ITSELF: Final = frozenset(
    {Dimension.KIND, Dimension.STATUS, Dimension.CATEGORY, Dimension.PRIORITY, Dimension.CHANNEL}
)
"""Mean something else of each type, and so are never those of another record."""

_PERSONAL: Final = frozenset({Dimension.TEAM, Dimension.ROLE})
"""A person is asked for these alone: the region of a deal is not that of whoever owns it."""

_NEAREST_FIRST: Final = (
    RecordType.LEAD,
    RecordType.ACCOUNT,
    RecordType.DEAL,
    RecordType.SUBSCRIPTION,
    RecordType.TICKET,
    RecordType.CAMPAIGN,
    RecordType.PRODUCT,
    RecordType.PERSON,
)
"""Who is asked first, where several of the records that are referred to have the field."""

_MOST_HOPS: Final = 2

Path = tuple[str, ...]
"""Names of fields: references, and at last the field itself."""

_SAME_AS: Final[Mapping[tuple[RecordType, Dimension], Path]] = {
    (RecordType.ACCOUNT, Dimension.ACCOUNT): (),
    (RecordType.CAMPAIGN, Dimension.CAMPAIGN): (),
    (RecordType.PERSON, Dimension.OWNER): (),
    (RecordType.PRODUCT, Dimension.PRODUCT): (),
    (RecordType.TRAINING, Dimension.OWNER): ("person",),
}
"""Records that are themselves what others refer to."""


@cache
def paths(grain: RecordType, dimension: Dimension) -> tuple[Path, ...]:
    """Where records of a type have a dimension, the nearest place first; none if they have it not.

    A place that is further away stands in for a nearer one that holds nothing.
    """
    if (grain, dimension) in _SAME_AS:
        found = [_SAME_AS[grain, dimension]]
    else:
        found = list(_paths(grain, dimension, 0 if dimension in _OF_ITSELF else 1))
    if not found and dimension not in _OF_ITSELF:
        found = list(_paths(grain, dimension, _MOST_HOPS))
    if dimension is Dimension.PRODUCT:
        # Two records of one product have one name, once a mapping table has normalised it.
        found = [*((*path, "name") for path in found), *found]
    return tuple(found)


def _paths(grain: RecordType, dimension: Dimension, hops: int) -> Iterator[Path]:
    """Those of at most so many hops."""
    if dimension.value in FIELDS[grain] and _answers(grain, dimension):
        yield (dimension.value,)
    if hops:
        for name, refers in _references(grain):
            if refers is not grain:
                for rest in _paths(refers, dimension, hops - 1):
                    yield (name, *rest)


def _answers(record_type: RecordType, dimension: Dimension) -> bool:
    return record_type is not RecordType.PERSON or dimension in _PERSONAL


def _references(grain: RecordType) -> list[tuple[str, RecordType]]:
    found = [
        (name, field.refers) for name, field in FIELDS[grain].items() if field.refers is not None
    ]
    order = {each: place for place, each in enumerate(_NEAREST_FIRST)}
    return sorted(found, key=lambda each: order.get(each[1], len(order)))


@cache
def possible(grain: RecordType) -> tuple[Dimension, ...]:
    """The dimensions that records of a type have."""
    return tuple(each for each in Dimension if paths(grain, each))


def impossible(dimension: Dimension, key: str, dimensions: tuple[Dimension, ...]) -> BadInputError:
    """Says that a KPI has no such dimension, and which ones it has."""
    allowed = ", ".join(each.name for each in dimensions) or "none"
    message = f"{key} has no dimension {dimension.name}; the possible ones are {allowed}"
    return BadInputError(message, field="groupBy")


def labels_of(scope: Scope, table: RecordTable, dimension: Dimension) -> Labels:
    """The value of each row of a table in a dimension that it has; references are told by id."""
    return table.derived(dimension, lambda: _labels(scope, table, dimension))


def _labels(scope: Scope, table: RecordTable, dimension: Dimension) -> Labels:
    first, *others = paths(table.type, dimension)
    labels = _labels_at(scope, table, first)
    for path in others:
        labels = _filled(labels, _labels_at(scope, table, path))
    most = len(labels.names)
    places = np.array([most, most + 1])
    code = np.where(labels.code < 0, places[np.minimum(labels.code, 0)], labels.code)
    return Labels((*labels.names, UNKNOWN, NOT_SET), code)


_NONE: Final = -1
_UNKNOWN: Final = -2
"""Codes of no name."""


def _labels_at(scope: Scope, table: RecordTable, path: Path) -> Labels:
    """What the last field of a path holds for each row; unknown where the path breaks off."""
    if not path:
        return Labels(table.all_ids, table.number)
    column = table.column(path[0])
    if len(path) == 1:
        said = np.where(column.empty, _NONE, _UNKNOWN)
        return Labels(column.names, np.where(column.known, column.values, said))
    if not column.known.any():
        return Labels((), np.where(column.empty, _NONE, _UNKNOWN))
    other = scope.table(_type_referred(table.type, path[0]))
    far = _labels_at(scope, other, path[1:])
    row = other.rows_of(column.values)
    code = np.where(column.empty, _NONE, _UNKNOWN)
    code[row >= 0] = far.code[row[row >= 0]]
    return Labels(far.names, code)


def _type_referred(record_type: RecordType, name: str) -> RecordType:
    return FIELDS[record_type][name].refers or record_type


def _filled(near: Labels, far: Labels) -> Labels:
    """The nearer values, and where they hold nothing the further ones."""
    fills = (near.code < 0) & (far.code >= 0)
    if not fills.any():
        return near
    numbers = {name: code for code, name in enumerate(near.names)}
    translated = np.array([numbers.setdefault(name, len(numbers)) for name in far.names], np.int64)
    code = near.code.copy()
    code[fills] = translated[far.code[fills]]
    return Labels(list(numbers), code)
