"""The health of sources, as documents for people."""

from typing import Any

from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.source_health import ALARMING, SourceHealth


def is_alarming(health: SourceHealth) -> bool:
    """Whether somebody has to see to it."""
    return health.state in ALARMING


def as_document(source_id: str, health: SourceHealth) -> dict[str, Any]:
    """What is shown of a source."""
    return {
        "source_id": source_id,
        "state": health.state.value,
        "last_event_at": _instant(health.last_ms),
        "rows_last_hour": health.rows_last_hour,
        "usual_rows_last_hour": health.usual_rows_last_hour,
        "rows_last_day": health.rows_last_day,
        "turned_away_last_day": health.turned_away_last_day,
        "rejected_share": health.rejected_share,
        "silent_after_hours": health.silent_after_hours,
        "expires_at": _instant(health.expires_ms),
    }


def _instant(instant_ms: int | None) -> str | None:
    return None if instant_ms is None else from_milliseconds(instant_ms).isoformat()
