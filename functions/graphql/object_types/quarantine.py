"""Rows in quarantine, as a Relay connection."""

from base64 import b64encode
from datetime import datetime
from enum import Enum
from typing import Final, Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.auth import Role
from functions.graphql.context import Context, Info
from functions.graphql.cursors import Page
from functions.graphql.enums import QuarantineReason
from functions.graphql.node_ids import node_id
from functions.graphql.object_types.node import Node
from functions.graphql.scalars import Count
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.storage.quarantine_pages import (
    PlacedRow,
    RowsPage,
    place_of,
    reason_counts,
    row_at,
)

KIND: Final = "QuarantinedRow"
MAX_ORIGINAL_BYTES: Final = 16_384
"""A page of a hundred rows must stay well below the 6 MB that a function can answer with."""


@strawberry.enum(description="How original bytes are written as text.")
class OriginalEncoding(Enum):
    """UTF-8 where the bytes are, else base64."""

    TEXT = "TEXT"
    BASE64 = "BASE64"


@strawberry.type(description="A row of a delivery that was turned away. For admins.")
class QuarantinedRow(Node):
    """A row as an admin sees it."""

    source: str = strawberry.field(description="The id of the source that sent it.")
    received_at: datetime
    index: int = strawberry.field(description="Its place in its delivery, from 0.")
    reason: QuarantineReason
    detail: str = strawberry.field(description="What was wrong, and what would be right.")
    original: str = strawberry.field(description="Its bytes, the first 16 KB of them.")
    original_encoding: OriginalEncoding
    original_bytes: int = strawberry.field(graphql_type=Count, description="How many they are.")

    @classmethod
    def of(cls, placed: PlacedRow, tenant: str) -> Self:
        """From what is stored."""
        row = placed.row
        original, encoding = _text(row.original)
        return cls(
            id=node_id(tenant, KIND, placed.place.text),
            source=row.source,
            received_at=from_milliseconds(row.received_ms),
            index=row.index,
            reason=QuarantineReason(row.reason),
            detail=row.detail,
            original=original,
            original_encoding=encoding,
            original_bytes=len(row.original),
        )

    @classmethod
    def found(cls, context: Context, key: str) -> Self:
        """The one of a key; NotFoundError if there is none, ForbiddenError but for admins."""
        tenant = context.principal.allow(Role.ADMIN)
        return cls.of(row_at(context.quarantine, place_of(key)), tenant)


@strawberry.type(description="A row in quarantine, and where it is in the list.")
class QuarantineEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: QuarantinedRow


@strawberry.type(description="How many rows are in quarantine for which reason, most first.")
class QuarantineCounts:
    """Counts, as parallel lists."""

    reasons: list[QuarantineReason]
    rows: list[int] = strawberry.field(graphql_type=list[Count])
    is_complete: bool = strawberry.field(
        description="False if there are so many deliveries that only the first were counted."
    )


def _counts(root: "QuarantineConnection", info: Info) -> QuarantineCounts:
    found = reason_counts(info.context.quarantine, source=root.source)
    ordered = sorted(found.rows.items(), key=lambda pair: (-pair[1], pair[0]))
    return QuarantineCounts(
        reasons=[QuarantineReason(reason) for reason, _ in ordered],
        rows=[number for _, number in ordered],
        is_complete=found.is_complete,
    )


@strawberry.type(
    description="Rows in quarantine, by arrival. A page may have fewer rows than were asked for, "
    "even none, and still not be the last."
)
class QuarantineConnection:
    """A page of the quarantine."""

    source: strawberry.Private[str | None]

    edges: list[QuarantineEdge]
    nodes: list[QuarantinedRow] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    counts: QuarantineCounts = strawberry.field(
        resolver=_counts, description="Of all rows of the source, or of all sources."
    )

    @classmethod
    def of(cls, found: RowsPage, page: Page, tenant: str, source: str | None) -> Self:
        """From a page of rows."""
        edges = [
            QuarantineEdge(
                cursor=page.cursor(placed.place.text), node=QuarantinedRow.of(placed, tenant)
            )
            for placed in found.rows
        ]
        more_after = found.more_after
        last = edges[-1].cursor if edges else None
        return cls(
            source=source,
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo(
                has_next_page=more_after is not None,
                has_previous_page=page.after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=last if more_after is None else page.cursor(more_after),
            ),
        )


def _text(original: bytes) -> tuple[str, OriginalEncoding]:
    """The first bytes as text: as UTF-8 if they all are."""
    cut = original[:MAX_ORIGINAL_BYTES]
    try:
        original.decode()
    except UnicodeDecodeError:
        return b64encode(cut).decode(), OriginalEncoding.BASE64
    return cut.decode(errors="ignore"), OriginalEncoding.TEXT  # a letter may be cut in two
