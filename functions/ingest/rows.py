"""What a wire format makes of a request: events, and rows that were turned away."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.metrics.domain.events import Event
from shared.metrics.domain.quarantine_reasons import Reason

__all__ = ["Reason", "Rejection", "RowError", "Rows"]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from functions.ingest.sent_rows import SentRow


class RowError(Exception):
    """Why one row is turned away, and what would be right."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was turned away: its place in the delivery, why, and its original bytes."""

    index: int
    reason: Reason
    detail: str
    original: bytes


@dataclass(slots=True)
class Rows:
    """The rows of a delivery. `sent` are those that could be read, in the sender's words; our own
    format has none.
    """

    events: list[Event] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    sent: "Sequence[SentRow]" = ()

    @property
    def received(self) -> int:
        """How many rows the delivery had."""
        return len(self.events) + len(self.rejections)
