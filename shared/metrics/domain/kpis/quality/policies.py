"""What is asked of the fields of a record type, as field policies say it."""

from dataclasses import dataclass

from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.records.record_fields import FIELDS
from shared.metrics.domain.records.record_types import RecordType


@dataclass(frozen=True, slots=True)
class Rule:
    """What the values of a field have to be like; `minimum` and `maximum` of money are in major
    units.
    """

    field: str
    pattern: str | None
    minimum: float | None
    maximum: float | None


class Policies:
    """The policies of one record type, as of a reading; of fields that the type has."""

    def __init__(self, scope: Scope, record_type: RecordType) -> None:
        table = scope.table(RecordType.FIELD_POLICY)
        self._columns = {name: table.column(name) for name in FIELDS[RecordType.FIELD_POLICY]}
        self._fields = [
            (row, name)
            for row in range(len(table))
            if self._text(row, "object") == record_type.value
            and (name := self._text(row, "field")) in FIELDS[record_type]
        ]

    @property
    def required(self) -> list[str]:
        """The fields that have to be filled, each once."""
        required = self._columns["is_required"]
        return sorted({name for row, name in self._fields if required.value(row)})

    @property
    def rules(self) -> list[Rule]:
        """What values have to be like, each rule once."""
        found = {
            Rule(
                name,
                self._text(row, "pattern") or None,
                self._number(row, "minimum"),
                self._number(row, "maximum"),
            )
            for row, name in self._fields
        }
        return [each for each in found if each != Rule(each.field, None, None, None)]

    @property
    def fresh_days(self) -> dict[str, float]:
        """Within how many days a field has to change; the fewest, if several policies say so."""
        days: dict[str, float] = {}
        for row, name in self._fields:
            fresh = self._number(row, "fresh_days")
            if fresh is not None:
                days[name] = min(fresh, days.get(name, fresh))
        return days

    def _text(self, row: int, name: str) -> str:
        value = self._columns[name].value(row)
        return "" if value is None else str(value)

    def _number(self, row: int, name: str) -> float | None:
        value = self._columns[name].value(row)
        return None if value is None else float(value)
