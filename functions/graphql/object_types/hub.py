"""The hub (definitions §4)."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Comparison, Part, PeopleAttribute, Unit
from functions.graphql.inputs import About, FeatureSelectionInput
from functions.graphql.object_types.frequency import Frequency
from functions.graphql.object_types.popularity import Popularity
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.hub import MAX_ROWS
from shared.metrics.engine.hub_requests import FrequencyRequest, PopularityRequest

_Selection: TypeAlias = Annotated[
    FeatureSelectionInput | None, strawberry.argument(description="Everything if not given.")
]


def _popularity(
    root: "Hub",
    info: Info,
    *,
    by: Part = Part.FEATURE,
    selection: _Selection = None,
    comparison: Comparison = Comparison.PREVIOUS_PERIOD,
    group_by: PeopleAttribute | None = None,
    include_unused: bool = False,
    top: int = MAX_ROWS,
) -> Popularity:
    tenant = info.context.principal.allow(*Role)
    if not 1 <= top <= MAX_ROWS:
        raise BadInputError(f"top is {top}; it may be 1 to {MAX_ROWS:,}", field="top")
    request = PopularityRequest(
        tenant=tenant,
        **root.about,
        part=by,
        selection=_selected(selection),
        comparison=comparison,
        group_by=group_by,
        with_unused=include_unused,
        top=top,
    )
    return Popularity.of(info.context.views.ask(request), request)


def _frequency(
    root: "Hub",
    info: Info,
    *,
    selection: _Selection = None,
    unit: Unit = Unit.PEOPLE,
    edges: list[int] | None = None,
    group_by: PeopleAttribute | None = None,
    include_zero: bool = False,
) -> Frequency:
    tenant = info.context.principal.allow(*Role)
    request = FrequencyRequest(
        tenant=tenant,
        **root.about,
        selection=_selected(selection),
        unit=unit,
        edges=None if edges is None else tuple(edges),
        group_by=group_by,
        with_zero=include_zero,
    )
    return Frequency.of(info.context.views.ask(request), request)


def _selected(selection: FeatureSelectionInput | None) -> FeatureSelection:
    return selection.selection() if selection else FeatureSelection()


@strawberry.type(description="How many people use what, and how often, over a range.")
class Hub:
    """The two views of the hub, which share their arguments."""

    about: strawberry.Private[About]

    popularity: Popularity = strawberry.field(
        resolver=_popularity,
        description="Distinct people by feature, or by another part of a selection. "
        "`includeUnused` adds the rows of the catalogue that nobody used.",
    )
    frequency: Frequency = strawberry.field(
        resolver=_frequency,
        description="People by number of hits of a selection, or pairs of a person and a feature. "
        "`edges` are the inclusive upper edges of the buckets, ascending; the tenant's if not "
        "given. `includeZero` adds the people of the roster without a hit.",
    )
