"""How a source is doing."""

from datetime import datetime
from typing import Self

import strawberry

from functions.graphql.enums import SourceState
from functions.graphql.scalars import Count
from shared.metrics.domain import source_health
from shared.metrics.domain.periods import from_milliseconds


@strawberry.type(
    description="How a source is doing, judged by its own past. Rows are counted when they are "
    "received, repetitions included."
)
class SourceHealth:
    """The health of a source."""

    state: SourceState
    last_event_at: datetime | None = strawberry.field(
        description="When the last row was received that was stored; null if there was none."
    )
    rows_last_hour: int = strawberry.field(
        graphql_type=Count, description="Of the last whole hour of the clock."
    )
    usual_rows_last_hour: float | None = strawberry.field(
        description="The median of the same hour of the four weeks before; null if none of them is "
        "known."
    )
    rows_last_day: int = strawberry.field(
        graphql_type=Count, description="Of the last 24 hours of the clock, this one included."
    )
    turned_away_last_day: int = strawberry.field(
        graphql_type=Count, description="Rows of the same hours that went to quarantine."
    )
    rejected_share: float | None = strawberry.field(
        description="Their share of all rows of these hours, as a fraction; null if there was none."
    )
    silent_after_hours: float | None = strawberry.field(
        description="After so long without a row the source is SILENT: one and a half times its "
        "third longest pause of six weeks. Null while its rhythm is not known."
    )
    expires_at: datetime | None = strawberry.field(
        description="When the channel that it sends by has to be renewed, if its setting "
        "`channel_expires_at` says so."
    )

    @classmethod
    def of(cls, health: source_health.SourceHealth) -> Self:
        """From what was judged."""
        return cls(
            state=health.state,
            last_event_at=_instant(health.last_ms),
            rows_last_hour=health.rows_last_hour,
            usual_rows_last_hour=health.usual_rows_last_hour,
            rows_last_day=health.rows_last_day,
            turned_away_last_day=health.turned_away_last_day,
            rejected_share=health.rejected_share,
            silent_after_hours=health.silent_after_hours,
            expires_at=_instant(health.expires_ms),
        )


def _instant(instant_ms: int | None) -> datetime | None:
    return None if instant_ms is None else from_milliseconds(instant_ms)
