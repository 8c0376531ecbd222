"""What a payload would become, before a mapping is switched on."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

import strawberry

from functions.graphql.enums import ActorKind, QuarantineReason, Signal
from functions.graphql.scalars import Count
from functions.ingest.previewing import PreviewedRow
from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import from_milliseconds


@strawberry.type(
    description="The event that a row would become. What it says nothing of is an empty text."
)
class PreviewedEvent:
    """An event that is not stored."""

    occurred_at: datetime
    user_id: str
    feature: str
    property: str
    attribute: str
    action: str
    record_id: str
    account_id: str
    signal: Signal
    actor_kind: ActorKind
    change: str = strawberry.field(description="What happened to a record, as JSON.")
    context: str = strawberry.field(description="The rest, as JSON.")
    is_uncatalogued: bool = strawberry.field(
        description="Whether its feature is not in the catalogue."
    )

    @classmethod
    def of(cls, event: Event, *, is_uncatalogued: bool) -> Self:
        """From the event."""
        return cls(
            occurred_at=from_milliseconds(event.occurred_at_ms),
            user_id=event.user_id,
            feature=event.feature,
            property=event.property,
            attribute=event.attribute,
            action=event.action,
            record_id=event.record_id,
            account_id=event.account_id,
            signal=event.signal,
            actor_kind=event.actor_kind,
            change=event.change,
            context=event.context,
            is_uncatalogued=is_uncatalogued,
        )


@strawberry.type(description="A row of the sample: an event, or why it would be quarantined.")
class PreviewNode:
    """What a row would become."""

    index: int = strawberry.field(description="Its place in the sample, from 0.")
    event: PreviewedEvent | None
    reason: QuarantineReason | None = strawberry.field(
        description="Why it would be quarantined; null of an event."
    )
    detail: str | None = strawberry.field(description="What is wrong, and what would be right.")


@strawberry.type(description="What a sample would become. Nothing is stored.")
class MappingPreview:
    """The answer of the root field `previewMapping`."""

    received: int = strawberry.field(graphql_type=Count, description="Rows of the sample.")
    accepted: int = strawberry.field(graphql_type=Count, description="Those that would be events.")
    quarantined: int = strawberry.field(graphql_type=Count)
    uncatalogued: int = strawberry.field(
        graphql_type=Count, description="Events whose feature is not in the catalogue."
    )
    nodes: list[PreviewNode] = strawberry.field(description="The first rows, in their order.")

    @classmethod
    def of(
        cls, rows: Sequence[PreviewedRow], first: int, is_uncatalogued: Callable[[str], bool]
    ) -> Self:
        """From the rows of a sample."""
        events = [row.event for row in rows if row.event is not None]
        uncatalogued = sum(is_uncatalogued(event.feature) for event in events)
        return cls(
            received=len(rows),
            accepted=len(events),
            quarantined=len(rows) - len(events),
            uncatalogued=uncatalogued,
            nodes=[_node(row, is_uncatalogued) for row in rows[:first]],
        )


def _node(row: PreviewedRow, is_uncatalogued: Callable[[str], bool]) -> PreviewNode:
    event, rejection = row.event, row.rejection
    return PreviewNode(
        index=row.index,
        event=None
        if event is None
        else PreviewedEvent.of(event, is_uncatalogued=is_uncatalogued(event.feature)),
        reason=None if rejection is None else rejection.reason,
        detail=None if rejection is None else rejection.detail,
    )
