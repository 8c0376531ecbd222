"""What senders wrote in one field, read once for each distinct value."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.record_changes import Value
from shared.metrics.domain.records.change_log import ChangeLog, TextCodes
from shared.metrics.domain.records.field_columns import FieldType, Knowledge
from shared.metrics.domain.records.field_maps import MappedField
from shared.metrics.domain.records.record_types import Field
from shared.metrics.domain.records.typed_values import UnreadableError, typed

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class MappedValues:
    """Values and what is known of them, by codes of the log's values; only those that were asked
    for are meant. Texts and references are codes of names. Money is an amount times 2, in
    thousandths, or plus 1 in minor units: how many these are depends on the currency.
    """

    values: NDArray[Any]
    knowledge: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Misses:
    """What a field held that could not be used: values of another type, and texts that are in no
    mapping table, each with the sender's text.
    """

    unreadable: set[str]
    unmapped: set[str]


class ValueReader:
    """Reads the values of one field of a type, whatever objects it comes from."""

    def __init__(
        self, field: Field, vocabulary: Mapping[str, str] | None, names: TextCodes
    ) -> None:
        """`vocabulary` is the tenant's table for this field's texts, if it has one; texts and ids
        are numbered by `names`.
        """
        self.misses = Misses(set(), set())
        self._field = field
        self._vocabulary = None
        if vocabulary is not None:
            # What a table makes of texts is no miss where it is written to begin with.
            normal = {text: text for text in vocabulary.values()}
            self._vocabulary = _by_key({**normal, **vocabulary})
        self._names = names

    def read(self, log: ChangeLog, codes: NDArray[np.int32], mapped: MappedField) -> MappedValues:
        """The values with these codes, as a map has them."""
        field_type = self._field.type
        values = np.full(len(log.values), field_type.nothing, field_type.dtype)
        knowledge = np.zeros(len(log.values), np.uint8)
        replaced = _by_key(mapped.values)
        for code in np.unique(codes[codes >= 0]).tolist():
            raw = log.values[code]
            try:
                value = self._typed(raw, mapped, replaced)
            except UnreadableError:
                self.misses.unreadable.add(str(raw))
                continue
            knowledge[code] = Knowledge.EMPTY if value is None else Knowledge.KNOWN
            if value is not None:
                values[code] = value
        return MappedValues(values, knowledge)

    def _typed(
        self, raw: Value, mapped: MappedField, replaced: Mapping[str, str]
    ) -> int | float | bool | None:
        if replaced or mapped.otherwise is not None:
            raw = _replaced(raw, mapped, replaced)
        if mapped.divisor > 1:
            raw = _divided(raw, mapped.divisor)
        if self._field.type is FieldType.MONEY:
            return _coded_money(raw, in_minor_units=mapped.in_minor_units)
        value = typed(self._field.type, raw)
        if not isinstance(value, str):
            return value
        return self._names.code(self._normal(mapped.person(value)))

    def _normal(self, text: str) -> str:
        if self._vocabulary is None:
            return text
        found = self._vocabulary.get(_key(text))
        if found is None:
            self.misses.unmapped.add(text)
        return found or text


def _coded_money(raw: Value, *, in_minor_units: bool) -> int | None:
    amount = typed(FieldType.INTEGER if in_minor_units else FieldType.MONEY, raw)
    return None if amount is None else int(amount) * 2 + in_minor_units


def _replaced(raw: Value, mapped: MappedField, replaced: Mapping[str, str]) -> Value:
    text = typed(FieldType.TEXT, raw)
    if text is None:
        return raw
    otherwise = raw if mapped.otherwise is None else mapped.otherwise
    return replaced.get(_key(str(text)), otherwise)


def _divided(raw: Value, divisor: int) -> Value:
    amount = typed(FieldType.TEXT, raw)
    if amount is None:
        return raw
    typed(FieldType.NUMBER, raw)
    return str(Decimal(str(amount)) / divisor)


def _by_key(table: Mapping[str, T]) -> dict[str, T]:
    return {_key(text): value for text, value in table.items()}


def _key(text: str) -> str:
    return text.strip().casefold()
