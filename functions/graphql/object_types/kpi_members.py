"""The records behind a KPI, as a Relay connection (definitions §6)."""

from datetime import datetime
from typing import Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.cursors import Page
from functions.graphql.enums import KpiFlag
from functions.graphql.object_types.kpi_parts import KpiValue
from functions.graphql.scalars import Count
from shared.metrics.domain.kpis import answers
from shared.metrics.domain.periods import from_milliseconds


@strawberry.type(description="A record that counts, and what it adds.")
class KpiMember:
    """A row of a KPI."""

    key: str = strawberry.field(description="The id of the record.")
    name: str | None = strawberry.field(description="Its name, where it has one.")
    at: datetime = strawberry.field(description="When it counts.")
    numerator: float
    denominator: float | None
    currency: str | None = strawberry.field(description="Of its own money, not converted.")
    flags: list[KpiFlag]

    @classmethod
    def of(cls, member: answers.KpiMember) -> Self:
        """From the engine's row."""
        return cls(
            key=member.id,
            name=member.name,
            at=from_milliseconds(member.at_ms),
            numerator=member.numerator,
            denominator=member.denominator,
            currency=member.currency,
            flags=member.flags,
        )


@strawberry.type(description="A record, and where it is in the list.")
class KpiMemberEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: KpiMember


@strawberry.type(description="The records behind a KPI, by id.")
class KpiMemberConnection:
    """A page of records."""

    edges: list[KpiMemberEdge]
    nodes: list[KpiMember] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    total_count: int = strawberry.field(
        graphql_type=Count, description="The records on all pages together."
    )
    figure: KpiValue = strawberry.field(description="What they all come to.")

    @classmethod
    def of(cls, answer: answers.KpiMembersAnswer, page: Page) -> Self:
        """From the engine's page."""
        edges = [
            KpiMemberEdge(cursor=page.cursor(member.position), node=KpiMember.of(member))
            for member in answer.members
        ]
        return cls(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=PageInfo(
                has_next_page=answer.has_next,
                has_previous_page=answer.has_previous,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            total_count=answer.member_count,
            figure=KpiValue.of(answer.figure),
        )
