"""Restatements, as a Relay connection (definitions §1)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.cursors import Page
from functions.graphql.enums import Cause, RestatedMeasure
from functions.graphql.scalars import Count
from shared.metrics.domain import restatements
from shared.metrics.domain.periods import from_milliseconds


@strawberry.type(description="A measure of a whole day that changed after the day was final.")
class Restatement:
    """One measure of one day, before and after."""

    day: date
    measure: RestatedMeasure
    before: int = strawberry.field(graphql_type=Count)
    after: int = strawberry.field(graphql_type=Count)
    when: datetime
    cause: Cause

    @classmethod
    def of(cls, found: restatements.Restatement) -> Self:
        """From the log."""
        return cls(
            day=found.day,
            measure=found.measure,
            before=found.before,
            after=found.after,
            when=from_milliseconds(found.at_ms),
            cause=found.cause,
        )


@strawberry.type(description="A restatement, and where it is in the log.")
class RestatementEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: Restatement


@strawberry.type(description="Restatements by day, of a day by time.")
class RestatementConnection:
    """A page of the log."""

    edges: list[RestatementEdge]
    nodes: list[Restatement] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo

    @classmethod
    def of(cls, found: Sequence[restatements.Restatement], page: Page) -> Self:
        """From what follows in the log, one more than fits if there are more."""
        edges = [
            RestatementEdge(cursor=page.cursor(each.cursor), node=Restatement.of(each))
            for each in found[: page.first]
        ]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo(
                has_next_page=len(found) > page.first,
                has_previous_page=page.after is not None,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
        )
