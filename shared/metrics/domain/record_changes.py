"""What happened to a record: the payload of a change event.

Which record, when and by whom is said by the event (`record_id`, `occurred_at_ms`, `user_id`,
`actor_kind`); field names and values are the sender's own until a tenant's mapping reads them.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

Value: TypeAlias = str | int | float | bool | list[str] | None
"""What a field can hold; None is empty, which is something else than unknown."""


class Op(Enum):
    """What was done to the record; SNAPSHOT states its fields as they are, whenever they came."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    RESTORE = "RESTORE"
    MERGE = "MERGE"
    SNAPSHOT = "SNAPSHOT"

    # Each is there once: its identity is hash enough, and found in a fifth of the time.
    __hash__ = object.__hash__


class Precision(Enum):
    """Whether the time of a change is known (EXACT), or only that it was by then (BOUNDED)."""

    EXACT = "EXACT"
    BOUNDED = "BOUNDED"


_NO_FIELDS: Final[Mapping[str, Value]] = MappingProxyType({})


class RecordChange(NamedTuple):
    """One change of one record.

    `object` is the sender's type of record. `set` has the fields that were written, `was` what
    they held before, where the sender says so. `sequence` orders changes of one instant.
    `merged_into` is the record that a MERGE leaves.
    """

    object: str
    op: Op
    set: Mapping[str, Value] = _NO_FIELDS
    was: Mapping[str, Value] = _NO_FIELDS
    sequence: int | None = None
    merged_into: str = ""
    precision: Precision = Precision.EXACT
