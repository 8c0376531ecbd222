"""Records folded from the log of their changes, each type and field when it is first asked for."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.records.business_calendar import BusinessCalendar
from shared.metrics.domain.records.change_log import ChangeLog, TextCodes
from shared.metrics.domain.records.exchange_rates import DatedRate, ExchangeRates
from shared.metrics.domain.records.field_columns import FieldColumn, FieldType, Knowledge
from shared.metrics.domain.records.field_folds import FieldCells, fold_field
from shared.metrics.domain.records.field_history import FieldHistory
from shared.metrics.domain.records.field_maps import MappedField, RecordMaps
from shared.metrics.domain.records.joining import some_rows
from shared.metrics.domain.records.mapped_values import Misses, ValueReader
from shared.metrics.domain.records.money_histories import money_history
from shared.metrics.domain.records.record_fields import FIELDS, field_of, references_to
from shared.metrics.domain.records.record_table import RecordTable
from shared.metrics.domain.records.record_types import TEXT, Field, RecordType
from shared.metrics.domain.records.sorted_cells import SortedCells
from shared.metrics.domain.records.type_fold import TypeFold, fold_type

CREATED_AT: Final = "created_at"

_KEPT_ROWS: Final = 2_000_000
"""Of all tables that are remembered, at some ten columns of eight bytes."""

_KEPT_TABLES: Final = 400

_RATE = RecordType.EXCHANGE_RATE


class FoldedRecords:
    """The `Records` of a log."""

    def __init__(self, log: ChangeLog, maps: RecordMaps, calendar: BusinessCalendar) -> None:
        """`maps` say what the log's objects and fields are."""
        self.log = log
        self._maps = maps
        self._calendar = calendar
        self._cells = SortedCells.of(log)
        self._types: dict[RecordType, TypeFold] = {}
        self._histories: dict[tuple[RecordType, str], FieldHistory] = {}
        self._misses: dict[tuple[RecordType, str], Misses] = {}
        self._tables: OrderedDict[tuple[RecordType, int | None], RecordTable] = OrderedDict()

    def ids(self, record_type: RecordType) -> Sequence[str]:
        """See `Records`."""
        return self._fold(record_type).ids.texts

    def table(self, record_type: RecordType, at_ms: int | None = None) -> RecordTable:
        """See `Records`."""
        key = (record_type, self._last_change_ms(at_ms))
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = self._table(*key)
            kept = sum(map(len, self._tables.values()))
            while (kept > _KEPT_ROWS and len(self._tables) > 1) or len(self._tables) > _KEPT_TABLES:
                kept -= len(self._tables.popitem(last=False)[1])
        self._tables.move_to_end(key)
        return table

    def history(self, record_type: RecordType, field: str) -> FieldHistory:
        """See `Records`."""
        key = (record_type, field)
        if key not in self._histories:
            self._histories[key] = self._history(record_type, field)
        return self._histories[key]

    def survivors(self, record_type: RecordType, at_ms: int | None = None) -> NDArray[np.int64]:
        """See `Records`."""
        return self._fold(record_type).lives.survivors(at_ms)

    def known_by(self, known_ms: int) -> "FoldedRecords":
        """The records as they had been told of by an instant: from what was received by then."""
        received = np.flatnonzero(self.log.received_ms <= known_ms)
        return FoldedRecords(some_rows(self.log, received), self._maps, self._calendar)

    def misses(self, record_type: RecordType, field: str) -> Misses:
        """What was written in a field and could not be used."""
        self.history(record_type, field)
        return self._misses[record_type, field]

    @cached_property
    def rates(self) -> ExchangeRates:
        """See `Records`."""
        table = self.table(_RATE)
        columns = [table.column(name) for name in ("currency", "into", "date", "rate")]
        rates = []
        for row in range(len(table)):
            currency, into, day, rate = (column.value(row) for column in columns)
            if None not in (currency, into, day, rate):
                worth = Fraction(str(rate))
                rates.append(DatedRate(str(currency), str(into), int(day or 0), worth))
        return ExchangeRates(rates)

    @property
    def calendar(self) -> BusinessCalendar:
        """See `Records`."""
        return self._calendar

    def _last_change_ms(self, at_ms: int | None) -> int | None:
        """The instant of the last change by then; None if no other comes later. Between two changes
        records are the same, so that whoever asks about now finds the tables of the one before.
        """
        if at_ms is None:
            return None
        place = int(np.searchsorted(self.log.at_ms, at_ms, side="right"))
        if place == len(self.log):
            return None
        return int(self.log.at_ms[place - 1]) if place else at_ms

    def _fold(self, record_type: RecordType) -> TypeFold:
        if record_type not in self._types:
            objects = [each.source for each in self._maps.of_type(record_type)]
            self._types[record_type] = fold_type(self.log, objects, self._referred(record_type))
        return self._types[record_type]

    def _referred(self, record_type: RecordType) -> list[str]:
        """The ids that fields of other records name."""
        names = TextCodes()
        for referring, name in references_to(record_type):
            reader = ValueReader(field_of(referring, name), None, names)
            for cells, mapped in self._mapped_cells(referring, name):
                reader.read(self.log, self._said(cells), mapped)
        return names.texts

    def _history(self, record_type: RecordType, name: str) -> FieldHistory:
        field = field_of(record_type, name)
        if field.type is not FieldType.MONEY:
            return self._plain(record_type, name, field)
        amounts = self._plain(record_type, name, field)
        currencies = self._fold_cells(
            record_type,
            TEXT,
            ValueReader(TEXT, None, names := TextCodes()),
            names,
            [
                (self._cells.of_field(source, mapped.currency_from), MappedField("currency"))
                for source, mapped in self._maps.of_field(record_type, name)
            ],
        )
        return money_history(amounts, currencies, self._maps.currency)

    def _plain(self, record_type: RecordType, name: str, field: Field) -> FieldHistory:
        """The history of a field; of money that of the coded amount."""
        names = TextCodes() if field.refers is None else self._fold(field.refers).ids
        vocabulary = field.vocabulary and self._maps.vocabularies.get(field.vocabulary)
        reader = ValueReader(field, vocabulary, names)
        self._misses[record_type, name] = reader.misses
        cells = list(self._mapped_cells(record_type, name))
        return self._fold_cells(record_type, field, reader, names, cells)

    def _fold_cells(
        self,
        record_type: RecordType,
        field: Field,
        reader: ValueReader,
        names: TextCodes,
        cells: Sequence[tuple[NDArray[np.int64], MappedField]],
    ) -> FieldHistory:
        fold = self._fold(record_type)
        parts = [
            FieldCells.of(
                self.log, each, fold.number, reader.read(self.log, self._said(each), mapped)
            )
            for each, mapped in cells
        ]
        joined = FieldCells.joined(parts, field.type)
        return fold_field(self.log, joined, field.type, names.texts)

    def _mapped_cells(
        self, record_type: RecordType, name: str
    ) -> Iterator[tuple[NDArray[np.int64], MappedField]]:
        for source, mapped in self._maps.of_field(record_type, name):
            yield self._cells.of_field(source, mapped.source), mapped

    def _said(self, cells: NDArray[np.int64]) -> NDArray[np.int32]:
        """The codes of all values in cells."""
        return np.concatenate((self.log.value[cells], self.log.was[cells]))

    def _table(self, record_type: RecordType, at_ms: int | None) -> RecordTable:
        lives = self._fold(record_type).lives
        number = lives.present(at_ms)
        return RecordTable(
            type=record_type,
            at_ms=at_ms,
            number=number,
            created=self._created(record_type, number, at_ms),
            last_changed_ms=lives.last_changed(number, at_ms),
            all_ids=self.ids(record_type),
            read=lambda name: self._column(record_type, name, number, at_ms),
        )

    def _column(
        self, record_type: RecordType, name: str, number: NDArray[np.int64], at_ms: int | None
    ) -> FieldColumn:
        column = self.history(record_type, name).as_of(number, at_ms)
        refers = field_of(record_type, name).refers
        if refers is None:
            return column
        known = column.known
        column.values[known] = self.survivors(refers, at_ms)[column.values[known]]
        return column

    def _created(
        self, record_type: RecordType, number: NDArray[np.int64], at_ms: int | None
    ) -> FieldColumn:
        lives = self._fold(record_type).lives
        created = lives.created[number]
        known = created < lives.limit(at_ms)
        values = np.zeros(len(number), np.int64)
        values[known] = self.log.at_ms[created[known]]
        if CREATED_AT in FIELDS[record_type]:
            said = self.history(record_type, CREATED_AT).as_of(number, at_ms)
            values[said.known] = said.values[said.known]
            known |= said.known
        knowledge = np.where(known, Knowledge.KNOWN, Knowledge.UNKNOWN).astype(np.uint8)
        return FieldColumn(FieldType.INSTANT, values, knowledge)
