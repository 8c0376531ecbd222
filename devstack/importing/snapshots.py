"""A table of all records as they are: what must have changed since they were last heard of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from devstack.importing.plain_rows import Row
from devstack.importing.record_events import RecordEvent, record_event
from devstack.importing.turned_away import TurnedAwayError, Why
from functions.ingest.flattening import text_of
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value

Known = Mapping[str, Mapping[str, Value]]
"""The fields of records by id."""


class SnapshotEvents:
    """Compares rows with what is known. Only what differs is sent, for an unchanged record has not
    been heard of; that it was so by then is all that is known of its time.
    """

    def __init__(self, object_name: str, record: str, at_ms: int, known: Known) -> None:
        """`record` is the column with the id."""
        self._object = object_name
        self._record = record
        self._at_ms = at_ms
        self._known = known
        self._met: set[str] = set()

    def events(self, rows: Iterable[Row]) -> Sequence[RecordEvent]:
        """What the rows change."""
        return [event for row in rows for event in self._of_row(row)]

    def missing(self) -> Iterator[RecordEvent]:
        """That the records without a row are deleted."""
        for record_id in sorted(self._known.keys() - self._met):
            change = RecordChange(self._object, Op.DELETE, precision=Precision.BOUNDED)
            yield record_event(record_id, self._at_ms, change)

    def _of_row(self, row: Row) -> Iterator[RecordEvent]:
        record_id = text_of(row.get(self._record))
        if not record_id:
            raise TurnedAwayError(Why.MISSING_RECORD, f"the record is empty: {self._record}")
        self._met.add(record_id)
        known = self._known.get(record_id)
        fields = {name: value for name, value in row.items() if name != self._record}
        op = Op.SNAPSHOT
        if known is not None:
            op = Op.UPDATE
            fields = {
                name: value
                for name, value in fields.items()
                if name not in known or text_of(known[name]) != text_of(value)
            }
        if fields or known is None:
            change = RecordChange(self._object, op, fields, precision=Precision.BOUNDED)
            yield record_event(record_id, self._at_ms, change)
