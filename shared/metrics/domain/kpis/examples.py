"""Worked examples of a KPI: records, a question, and the value that is right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Setting
from shared.metrics.domain.kpis.vocabulary import Reason
from shared.metrics.domain.record_changes import Op, Value
from shared.metrics.domain.records.from_rows import ChangeRow

Period = tuple[str, str]
"""The first and the last day, in UTC."""

NOVEMBER: Final[Period] = ("2026-11-01", "2026-11-30")
EARLIER: Final[Period] = ("2026-09-01", "2026-09-30")
"""A period of many examples, and one before all that happens in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a KPI is of some records over a period, asked when the day `asked` is over (the last of
    the period without it). `value` None is null, for `reason`; money is in minor units.

    `groups` are the values by `group_by`; `draft` are other parameters than those of the entry.
    """

    name: str
    given: tuple[ChangeRow, ...]
    value: float | None
    reason: Reason | None = None
    period: Period = NOVEMBER
    asked: str = ""
    group_by: Dimension | None = None
    groups: Mapping[str, float | None] = field(default_factory=dict)
    currency: str = ""
    draft: Mapping[str, Setting] = field(default_factory=dict)


def record(object_: str, record_id: str, at: str, **fields: Value) -> ChangeRow:
    """A record that is created, with what it holds then."""
    return ChangeRow(object_, record_id, at, fields, Op.CREATE)


def records(
    count: int, object_: str, record_id: str, at: str, **fields: Value
) -> tuple[ChangeRow, ...]:
    """So many records that hold the same; their ids end in a number."""
    return tuple(record(object_, f"{record_id}{n}", at, **fields) for n in range(1, count + 1))


def update(object_: str, record_id: str, at: str, **fields: Value) -> ChangeRow:
    """A change of a record."""
    return ChangeRow(object_, record_id, at, fields)
