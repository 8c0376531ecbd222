"""Rows in quarantine, as options name them and as documents for people."""

from base64 import b64encode
from typing import Any

from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.quarantine_reasons import Reason
from shared.metrics.storage.quarantine_pages import PlacedRow


def reason_of(text: str | None) -> str | None:
    """The reason of that name, in any case; BadInputError lists those that there are."""
    if text is None:
        return None
    known = [reason.value for reason in Reason]
    if text.strip().lower() not in known:
        message = f"there is no reason {text!r}; there are {', '.join(known)}"
        raise BadInputError(message, field="reason")
    return text.strip().lower()


def as_document(placed: PlacedRow) -> dict[str, Any]:
    """A row with its original bytes: as text where they are UTF-8, else as base64."""
    row = placed.row
    try:
        original = {"original": row.original.decode()}
    except UnicodeDecodeError:
        original = {"original_base64": b64encode(row.original).decode()}
    return {
        "id": placed.place.text,
        "source_id": row.source,
        "received_at": from_milliseconds(row.received_ms).isoformat(),
        "index": row.index,
        "reason": row.reason,
        "detail": row.detail,
        **original,
    }
