"""The hub by groups of people, as parallel lists (definitions §4)."""

from typing import Self

import strawberry

from functions.graphql.scalars import Count
from shared.metrics.domain.views import hub


@strawberry.type(description="Groups of people by an attribute, those with most hits first.")
class HubGroups:
    """The lists have one entry a group."""

    names: list[str] = strawberry.field(
        description="The value that the people of each group have; those without one are "
        "`(not set)`."
    )
    active_users: list[int] = strawberry.field(
        graphql_type=list[Count], description="People with a login or a hit while in the group."
    )
    has_others: bool = strawberry.field(
        description="Whether the last group stands for all beyond those with most hits."
    )
    overlaps: bool = strawberry.field(
        description="Whether someone was in several groups, so that people of groups sum to more "
        "than there were."
    )
    is_backfilled: bool = strawberry.field(
        description="Whether a value that was known only later told someone's group."
    )


@strawberry.type(description="Popularity in each group.")
class PopularityGroups(HubGroups):
    """The rows are those of the answer."""

    people: list[list[int]] = strawberry.field(
        graphql_type=list[list[Count]], description="For each group the people of each row."
    )
    hits: list[list[int]] = strawberry.field(
        graphql_type=list[list[Count]], description="For each group the hits of each row."
    )

    @classmethod
    def of(cls, found: hub.PopularityGroups) -> Self:
        """From the view's answer."""
        groups = found.groups
        return cls(
            names=groups.names,
            active_users=groups.active_users,
            has_others=groups.has_others,
            overlaps=found.overlaps,
            is_backfilled=groups.is_backfilled,
            people=found.people,
            hits=found.hits,
        )


@strawberry.type(description="Frequency in each group, by the hits that were made in it.")
class FrequencyGroups(HubGroups):
    """The buckets are those of the answer."""

    counts: list[list[int]] = strawberry.field(
        graphql_type=list[list[Count]], description="For each group the people of each bucket."
    )

    @classmethod
    def of(cls, found: hub.FrequencyGroups) -> Self:
        """From the view's answer."""
        groups = found.groups
        return cls(
            names=groups.names,
            active_users=groups.active_users,
            has_others=groups.has_others,
            overlaps=found.overlaps,
            is_backfilled=groups.is_backfilled,
            counts=found.counts,
        )
