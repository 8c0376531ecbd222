"""Popularity (definitions §4)."""

from typing import Self

import strawberry

from functions.graphql.context import Info
from functions.graphql.enums import Category, ChangeReason
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.hub_groups import PopularityGroups
from functions.graphql.object_types.members import MemberConnection, opened
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.views.hub import PopularityAnswer
from shared.metrics.domain.views.members import Figure
from shared.metrics.engine.figure_requests import MembersRequest, Row
from shared.metrics.engine.hub_requests import PopularityRequest


def _members(
    root: "Popularity",
    info: Info,
    *,
    name: str,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> MemberConnection:
    asked = root.request
    request = MembersRequest(
        tenant=asked.tenant,
        window=root.days,
        people=asked.people,
        figure=Figure.POPULARITY,
        selection=asked.selection,
        row=Row(asked.part, name),
    )
    return opened(info, request, first, after)


@strawberry.type(
    description="How many people use what, as parallel lists: the row that most people use first."
)
class Popularity(Answer):
    """The answer of the view."""

    request: strawberry.Private[PopularityRequest]

    range: Range
    compared_range: Range
    active_users: int = strawberry.field(
        graphql_type=Count, description="People with a login or a hit of anything."
    )
    previous_active_users: int = strawberry.field(graphql_type=Count)
    row_count: int = strawberry.field(
        graphql_type=Count, description="Rows that there are; the lists have the first of them."
    )
    names: list[str] = strawberry.field(
        description="The feature, property, … of each row; `(not set)` for hits without one."
    )
    categories: list[Category | None] = strawberry.field(
        description="The category of a feature; null if it is not in the catalogue, or no feature."
    )
    ranks: list[int] = strawberry.field(description="Equal numbers of people share a rank.")
    people: list[int] = strawberry.field(
        graphql_type=list[Count], description="Distinct people with a hit."
    )
    shares: list[float | None] = strawberry.field(
        description="people / activeUsers; null if nobody was active."
    )
    hits: list[int] = strawberry.field(graphql_type=list[Count])
    previous_people: list[int] = strawberry.field(
        graphql_type=list[Count], description="The same over the compared range."
    )
    previous_shares: list[float | None]
    previous_hits: list[int] = strawberry.field(graphql_type=list[Count])
    change_percents: list[float | None] = strawberry.field(
        description="(people - previousPeople) / previousPeople x 100; null if it cannot be known."
    )
    change_reasons: list[ChangeReason | None]
    groups: PopularityGroups | None = strawberry.field(description="Null without `groupBy`.")
    members: MemberConnection = strawberry.field(
        resolver=_members,
        description="The people of the row of a name, with their hits. For admins and managers.",
    )

    @classmethod
    def of(cls, answer: PopularityAnswer, request: PopularityRequest) -> Self:
        """From the view's answer to a request."""
        window, compared = answer.proof.window, answer.compared
        return cls(
            **proved(answer.proof),
            request=request,
            range=Range(from_=window.first, to=window.last),
            compared_range=Range(from_=compared.first, to=compared.last),
            active_users=answer.active_users,
            previous_active_users=answer.compared_active_users,
            row_count=answer.row_count,
            names=answer.names,
            categories=answer.categories,
            ranks=answer.ranks,
            people=answer.people,
            shares=answer.shares,
            hits=answer.hits,
            previous_people=answer.previous_people,
            previous_shares=answer.previous_shares,
            previous_hits=answer.previous_hits,
            change_percents=answer.change_percents,
            change_reasons=answer.change_reasons,
            groups=PopularityGroups.of(answer.groups) if answer.groups else None,
        )
