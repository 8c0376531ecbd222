"""Frequency (definitions §4)."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.context import Info
from functions.graphql.enums import Figure, Unit
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.object_types.hub_groups import FrequencyGroups
from functions.graphql.object_types.members import MemberConnection, opened
from functions.graphql.object_types.range import Range
from functions.graphql.scalars import Count
from shared.metrics.domain.buckets import Bucket
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.views.hub import FrequencyAnswer
from shared.metrics.engine.figure_requests import MembersRequest
from shared.metrics.engine.hub_requests import FrequencyByFeatureRequest, FrequencyRequest


@strawberry.type(description="The buckets for every feature, as parallel lists.")
class FrequencyByFeature:
    """One entry a feature, by name."""

    features: list[str]
    counts: list[list[int]] = strawberry.field(
        graphql_type=list[list[Count]],
        description="For each of the features the people of each bucket.",
    )
    no_data: list[bool] = strawberry.field(
        description="Whether there are days without data of the feature, so that there may have "
        "been more hits."
    )


def _by_feature(root: "Frequency", info: Info) -> FrequencyByFeature:
    asked = root.request
    request = FrequencyByFeatureRequest(
        tenant=asked.tenant,
        window=root.days,
        people=asked.people,
        selection=asked.selection,
        edges=asked.edges,
        with_zero=asked.with_zero,
    )
    answer = info.context.views.ask(request)
    return FrequencyByFeature(
        features=answer.features, counts=answer.counts, no_data=answer.no_data
    )


def _members(
    root: "Frequency",
    info: Info,
    *,
    bucket: int,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> MemberConnection:
    if not 0 <= bucket < len(root.counts):
        message = f"bucket is {bucket}; it may be 0 to {len(root.counts) - 1}, a place in the lists"
        raise BadInputError(message, field="bucket")
    asked = root.request
    is_of_pairs = asked.unit is Unit.PAIRS
    request = MembersRequest(
        tenant=asked.tenant,
        window=root.days,
        people=asked.people,
        figure=Figure.FREQUENCY_OF_PAIRS if is_of_pairs else Figure.FREQUENCY,
        selection=asked.selection,
        bucket=Bucket(root.from_hits[bucket], root.to_hits[bucket]),
    )
    return opened(info, request, first, after)


@strawberry.type(description="How often people use what, as parallel lists of buckets.")
class Frequency(Answer):
    """The answer of the view."""

    request: strawberry.Private[FrequencyRequest]

    range: Range
    from_hits: list[int] = strawberry.field(description="The fewest hits of each bucket.")
    to_hits: list[int | None] = strawberry.field(
        description="The most hits of each bucket; null: any number."
    )
    counts: list[int] = strawberry.field(
        graphql_type=list[Count], description="The people, or pairs, of each bucket."
    )
    total: int = strawberry.field(
        graphql_type=Count, description="Those with any hit: all buckets but that of 0."
    )
    no_data_days: list[date] = strawberry.field(
        description="The days of the range without data of the selection: there may have been "
        "more hits, and people in the bucket of 0 may have had some."
    )
    groups: FrequencyGroups | None = strawberry.field(description="Null without `groupBy`.")
    by_feature: FrequencyByFeature = strawberry.field(
        resolver=_by_feature, description="The people of each bucket for every feature used."
    )
    members: MemberConnection = strawberry.field(
        resolver=_members,
        description="The people of a bucket with their hits, or with their number of pairs in it; "
        "a bucket by its place in the lists. For admins and managers.",
    )

    @classmethod
    def of(cls, answer: FrequencyAnswer, request: FrequencyRequest) -> Self:
        """From the view's answer to a request."""
        window = answer.proof.window
        return cls(
            **proved(answer.proof),
            request=request,
            range=Range(from_=window.first, to=window.last),
            from_hits=answer.from_hits,
            to_hits=answer.to_hits,
            counts=answer.counts,
            total=answer.total,
            no_data_days=answer.no_data_days,
            groups=FrequencyGroups.of(answer.groups) if answer.groups else None,
        )
