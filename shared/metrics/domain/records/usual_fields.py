"""What most maps of vendors are made of."""

from shared.metrics.domain.records.field_maps import MappedField, ObjectMap
from shared.metrics.domain.records.record_types import RecordType


def object_map(
    source: str,
    record_type: RecordType,
    plain: dict[str, str],
    **fields: MappedField,
) -> ObjectMap:
    """A map; `plain` are fields that are taken as they are, by our name."""
    taken = {name: MappedField(source_field) for name, source_field in plain.items()}
    return ObjectMap(source, record_type, {**taken, **fields})


def per_cent(source: str) -> MappedField:
    """A percentage as a fraction."""
    return MappedField(source, divisor=100)


def status(source: str, *, won: str, lost: str) -> MappedField:
    """OPEN, WON or LOST by a text that is one of two when a deal is closed."""
    return MappedField(source, values={won: "WON", lost: "LOST"}, otherwise="OPEN")
