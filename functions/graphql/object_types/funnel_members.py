"""The units of a funnel, as a Relay connection (definitions §4)."""

from datetime import datetime
from typing import Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.cursors import Page
from functions.graphql.enums import FunnelState, FunnelUnit
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.scalars import Count
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.domain.views import funnel_answer


@strawberry.type(description="A record, a person or an account, and how far it has come.")
class FunnelMember:
    """A unit of a funnel."""

    key: str = strawberry.field(description="The id of the record, person or account.")
    name: str | None = strawberry.field(
        description="The name of a person; of others it is not known, and this is the id."
    )
    email: str | None = strawberry.field(description="That of a person.")
    step: int = strawberry.field(description="The furthest step of its best attempt, from 1.")
    state: FunnelState
    started: datetime = strawberry.field(description="When its best attempt began.")
    reached: datetime = strawberry.field(description="When that got to the furthest step.")

    @classmethod
    def of(cls, member: funnel_answer.FunnelMember) -> Self:
        """From the view's unit."""
        return cls(
            key=member.id,
            name=member.name,
            email=member.email,
            step=member.step,
            state=member.state,
            started=from_milliseconds(member.started_ms),
            reached=from_milliseconds(member.reached_ms),
        )


@strawberry.type(description="A unit, and where it is in the list.")
class FunnelMemberEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: FunnelMember


@strawberry.type(description="The units that got to a step of a funnel, by id.")
class FunnelMemberConnection(Answer):
    """A page of units."""

    unit: FunnelUnit
    edges: list[FunnelMemberEdge]
    nodes: list[FunnelMember] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    total_count: int = strawberry.field(
        graphql_type=Count, description="The units on all pages together."
    )

    @classmethod
    def of(cls, answer: funnel_answer.FunnelMembersAnswer, page: Page) -> Self:
        """From the view's page."""
        nodes = [FunnelMember.of(member) for member in answer.members]
        edges = [FunnelMemberEdge(cursor=page.cursor(node.key), node=node) for node in nodes]
        return cls(
            **proved(answer.proof),
            unit=answer.unit,
            edges=edges,
            nodes=nodes,
            page_info=PageInfo(
                has_next_page=answer.has_next,
                has_previous_page=answer.has_previous,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            total_count=answer.member_count,
        )
