"""What our own wire format says of a change of a record (docs/events.md)."""

import msgspec

from functions.ingest.rows import Reason, RowError
from shared.metrics.columns.change_texts import text_of
from shared.metrics.domain.record_changes import Op, Precision, RecordChange, Value


class NativeChange(msgspec.Struct, forbid_unknown_fields=True):
    """A `RecordChange` as our format spells it."""

    object: str
    op: Op
    set: dict[str, Value] = {}
    was: dict[str, Value] = {}
    sequence: int | None = None
    merged_into: str = ""
    precision: Precision = Precision.EXACT

    def text(self, record_id: str | None) -> str:
        """The change as an event keeps it; RowError if it cannot be."""
        if not record_id:
            detail = "record_id is missing; a change is of a record"
            raise RowError(Reason.INVALID_ROW, detail)
        if not self.object:
            raise RowError(Reason.INVALID_ROW, "change.object is empty; say what type of record")
        if (self.op is Op.MERGE) != bool(self.merged_into):
            detail = "change.merged_into is the record that a MERGE leaves, and of nothing else"
            raise RowError(Reason.INVALID_ROW, detail)
        change = RecordChange(
            self.object,
            self.op,
            self.set,
            self.was,
            self.sequence,
            self.merged_into,
            self.precision,
        )
        try:
            return text_of(change)
        except (OverflowError, UnicodeEncodeError) as error:
            raise RowError(Reason.INVALID_ROW, f"change: {error}") from None
