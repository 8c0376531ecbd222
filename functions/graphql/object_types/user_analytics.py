"""User analytics as a Relay connection (definitions §4)."""

from bisect import bisect_right
from typing import Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.cursors import Page
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.person_metrics import PersonMetrics
from functions.graphql.scalars import Count
from shared.metrics.domain.views.answers import UserAnalyticsAnswer


@strawberry.type(description="A person, and where they are in the list.")
class PersonMetricsEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: PersonMetrics


@strawberry.type(description="The people who were active in the range, by user id.")
class UserAnalyticsConnection(Answer):
    """A page of people."""

    edges: list[PersonMetricsEdge]
    nodes: list[PersonMetrics] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    total_count: int = strawberry.field(
        graphql_type=Count, description="The people on all pages together."
    )

    @classmethod
    def of(cls, answer: UserAnalyticsAnswer, page: Page) -> Self:
        """A page of the view's answer.

        A page begins after a person and not at a place, so that people who come or go between two
        pages make nobody else appear twice or be left out.
        """
        people = answer.people
        start = 0
        if page.after is not None:
            start = bisect_right(people, page.after, key=lambda person: person.user_id)
        nodes = [PersonMetrics.of(person) for person in people[start : start + page.first]]
        edges = [PersonMetricsEdge(cursor=page.cursor(node.user_id), node=node) for node in nodes]
        return cls(
            **proved(answer.proof),
            edges=edges,
            nodes=nodes,
            page_info=PageInfo(
                has_next_page=start + page.first < len(people),
                has_previous_page=start > 0,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            total_count=len(people),
        )
