"""What a wire format makes of a request: events, and rows that were turned away."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from functions.ingest.requests import RefusedError
from shared.metrics.domain.events import Event
from shared.metrics.domain.quarantine_reasons import Reason

__all__ = ["MAX_ROWS", "Reason", "Rejection", "RowError", "Rows", "check_number"]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from functions.ingest.sent_rows import SentRow


MAX_ROWS: Final = 10_000


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


def check_number(rows: int) -> None:
    """RefusedError 413 if a request has more rows than it may."""
    if rows > MAX_ROWS:
        message = f"{rows:,} rows are over the limit of {MAX_ROWS:,} a request"
        raise RefusedError(413, "too_many_rows", message)
