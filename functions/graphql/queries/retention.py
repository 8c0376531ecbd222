"""The root field `retention`."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import PeopleAttribute, Returning
from functions.graphql.inputs import (
    FeatureSelectionInput,
    FilterArgument,
    PresetArgument,
    RangeArgument,
    about,
)
from functions.graphql.object_types.retention import Retention
from shared.metrics.engine.engagement_requests import RetentionRequest

_Weeks: TypeAlias = Annotated[
    int,
    strawberry.argument(
        description="The columns of the table; and, without a range, its weeks up to yesterday's."
    ),
]
_Feature: TypeAlias = Annotated[
    FeatureSelectionInput | None,
    strawberry.argument(
        description="People begin with their first hit of it; with their first login or hit of "
        "anything if not given."
    ),
]


def retention(  # noqa: PLR0913 - the arguments of a root field
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    filter_: FilterArgument = None,
    include_today: bool = False,
    weeks: _Weeks = 12,
    feature: _Feature = None,
    returning: Returning = Returning.ACTIVE,
    group_by: PeopleAttribute | None = None,
) -> Retention:
    """Weekly cohorts of a range, and who of them came back."""
    tenant = info.context.principal.allow(*Role)
    asked = about(range_, preset, filter_, include_today=include_today)
    request = RetentionRequest(
        tenant=tenant,
        **asked,
        weeks=weeks,
        selection=None if feature is None else feature.selection(),
        returning=returning,
        group_by=group_by,
    )
    return Retention.of(info.context.views.ask(request))
