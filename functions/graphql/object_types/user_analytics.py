"""User analytics as a Relay connection (definitions §4)."""

from typing import Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.cursors import Page
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.person_metrics import PersonMetrics
from functions.graphql.object_types.range import Range
from functions.graphql.positions import text_of
from functions.graphql.scalars import Count
from shared.metrics.domain.views.people_answers import UserAnalyticsAnswer


@strawberry.type(description="A person, and where they are in the list.")
class PersonMetricsEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: PersonMetrics


@strawberry.type(
    description="The people of the range's roster who satisfy all conditions, in the order asked "
    "for; equal values stand by user id, unknown ones at the end."
)
class UserAnalyticsConnection(Answer):
    """A page of people, and what is true of all of them."""

    range: Range
    compared_range: Range
    edges: list[PersonMetricsEdge]
    nodes: list[PersonMetrics] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    total_count: int = strawberry.field(
        graphql_type=Count, description="The people on all pages together: the segment's size."
    )
    roster_size: int = strawberry.field(
        graphql_type=Count, description="The people whom the conditions were put to."
    )
    share_of_roster: float | None = strawberry.field(
        description="The segment's size / the roster's; null if nobody is in the roster."
    )
    feature_users: list[int] = strawberry.field(
        graphql_type=list[Count],
        description="The people of the segment who have used each of the chosen `features`.",
    )
    feature_shares: list[float | None] = strawberry.field(
        description="Their share of the segment; null if nobody is in it."
    )

    @classmethod
    def of(cls, answer: UserAnalyticsAnswer, page: Page) -> Self:
        """From the view's answer, which is that page."""
        nodes = [PersonMetrics.of(person) for person in answer.people]
        edges = [
            PersonMetricsEdge(cursor=page.cursor(text_of(position)), node=node)
            for position, node in zip(answer.positions, nodes, strict=True)
        ]
        window, compared = answer.proof.window, answer.compared
        return cls(
            **proved(answer.proof),
            range=Range(from_=window.first, to=window.last),
            compared_range=Range(from_=compared.first, to=compared.last),
            edges=edges,
            nodes=nodes,
            page_info=PageInfo(
                has_next_page=answer.people_before + len(nodes) < answer.size,
                has_previous_page=answer.people_before > 0,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            total_count=answer.size,
            roster_size=answer.roster_size,
            share_of_roster=answer.share_of_roster,
            feature_users=answer.feature_users,
            feature_shares=answer.feature_shares,
        )
