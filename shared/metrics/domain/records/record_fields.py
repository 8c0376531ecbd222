"""Which fields each record type has."""

from collections.abc import Mapping
from typing import Final

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.records.commerce_fields import COMMERCE_FIELDS
from shared.metrics.domain.records.engagement_fields import ENGAGEMENT_FIELDS
from shared.metrics.domain.records.record_types import Field, FieldsByName, RecordType
from shared.metrics.domain.records.sales_fields import SALES_FIELDS

FIELDS: Final[Mapping[RecordType, FieldsByName]] = {
    **SALES_FIELDS,
    **ENGAGEMENT_FIELDS,
    **COMMERCE_FIELDS,
}
"""The fields of each record type by name."""


def field_of(record_type: RecordType, name: str) -> Field:
    """A field of a type; BadInputError, with those that there are, if there is none such."""
    found = FIELDS[record_type].get(name)
    if found is None:
        possible = ", ".join(FIELDS[record_type])
        message = f"a record of type {record_type.value} has no field {name!r}; it has {possible}"
        raise BadInputError(message, field=name)
    return found


def references_to(record_type: RecordType) -> list[tuple[RecordType, str]]:
    """The types and fields that refer to records of a type."""
    return [
        (referring, name)
        for referring, fields in FIELDS.items()
        for name, field in fields.items()
        if field.refers is record_type
    ]
