"""The root field `userAnalytics`."""

from dataclasses import replace
from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.condition_inputs import ConditionInput, conditions_of
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.enums import Comparison, PersonSort
from functions.graphql.inputs import (
    FeatureSelectionInput,
    FilterArgument,
    PresetArgument,
    RangeArgument,
    about,
)
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.user_analytics import UserAnalyticsConnection
from functions.graphql.positions import position_of
from functions.graphql.selected import selected_names
from shared.metrics.engine.requests import UserAnalyticsRequest

_Conditions: TypeAlias = Annotated[
    list[ConditionInput] | None,
    strawberry.argument(description="At most 20, all of which must hold; none if not given."),
]
_Features: TypeAlias = Annotated[
    list[FeatureSelectionInput] | None,
    strawberry.argument(description="At most 20, whose hits are answered for each person."),
]


def user_analytics(  # noqa: PLR0913 - the arguments of a root field
    info: Info,
    *,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    comparison: Comparison = Comparison.PREVIOUS_PERIOD,
    filter_: FilterArgument = None,
    include_today: bool = False,
    conditions: _Conditions = None,
    features: _Features = None,
    sort: PersonSort = PersonSort.USER_ID,
    descending: bool = False,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> UserAnalyticsConnection:
    """A page of the people who satisfy conditions."""
    tenant = info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    asked = about(range_, preset, filter_, include_today=include_today)
    request = UserAnalyticsRequest(
        tenant=tenant,
        **asked,
        comparison=comparison,
        conditions=conditions_of(conditions or []),
        features=tuple(each.selection() for each in features or []),
        sort=sort,
        descending=descending,
    )
    page = page_of(request, first, after)
    # What is selected may differ from page to page, so that a cursor is not about it.
    working_days = "workingDayAttendance" in selected_names(info)
    request = replace(request, first=page.first, after=position_of(page), working_days=working_days)
    return UserAnalyticsConnection.of(info.context.views.ask(request), page)
