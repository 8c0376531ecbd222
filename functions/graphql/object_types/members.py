"""The members behind a figure, as a Relay connection (definitions §6)."""

from dataclasses import replace
from typing import Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import Page, page_of
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.scalars import Count
from shared.metrics.domain.views import members
from shared.metrics.engine.figure_requests import MembersRequest


@strawberry.type(
    description="A person behind a figure; behind the number of features used, a feature."
)
class Member:
    """A member of a figure."""

    key: str = strawberry.field(
        description="The user id, or the name of the feature. No id: a member's value is that of "
        "one figure, and clients keep what has an id once."
    )
    name: str | None
    email: str | None
    value: int | None = strawberry.field(
        graphql_type=Count | None,
        description="The member's part of a figure that is a sum; else its hits, and null where "
        "there are none to tell of.",
    )

    @classmethod
    def of(cls, member: members.Member) -> Self:
        """From the engine's member."""
        return cls(key=member.id, name=member.name, email=member.email, value=member.value)


@strawberry.type(description="A member, and where it is in the list.")
class MemberEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: Member


@strawberry.type(description="The members behind a figure, by id.")
class MemberConnection(Answer):
    """A page of members."""

    edges: list[MemberEdge]
    nodes: list[Member] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    total_count: int = strawberry.field(
        graphql_type=Count, description="The members on all pages together."
    )
    figure: int = strawberry.field(
        graphql_type=Count,
        description="What all members come to: the sum of their values, or their number.",
    )

    @classmethod
    def of(cls, answer: members.MembersAnswer, page: Page) -> Self:
        """From the engine's page."""
        nodes = [Member.of(member) for member in answer.members]
        edges = [MemberEdge(cursor=page.cursor(node.key), node=node) for node in nodes]
        return cls(
            **proved(answer.proof),
            edges=edges,
            nodes=nodes,
            page_info=PageInfo(
                has_next_page=answer.has_next,
                has_previous_page=answer.has_previous,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            total_count=answer.member_count,
            figure=answer.total,
        )


def opened(info: Info, request: MembersRequest, first: int, after: str | None) -> MemberConnection:
    """A page of the members of a figure, for admins and managers. BadInputError for a size or a
    cursor that is none.
    """
    info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    # Where an earlier day is cut off depends on the time of asking, and is no other question.
    asked = replace(request, same_hours_as_ms=None)
    page = page_of((asked, request.same_hours_as_ms is not None), first, after)
    answer = info.context.views.ask(replace(request, first=page.first, after=page.after))
    return MemberConnection.of(answer, page)
