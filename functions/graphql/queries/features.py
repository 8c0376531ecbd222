"""The root field `features`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.enums import Category
from functions.graphql.inputs import PresetArgument, RangeArgument, about
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.features import FeatureConnection
from shared.metrics.engine.hub_requests import FeaturesRequest


def features(
    info: Info,
    *,
    search: str | None = None,
    category: Category | None = None,
    range_: RangeArgument = None,
    preset: PresetArgument = None,
    include_today: bool = False,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> FeatureConnection:
    """A page of the catalogue."""
    tenant = info.context.principal.allow(*Role)
    request = FeaturesRequest(
        tenant=tenant,
        **about(range_, preset, None, include_today=include_today),
        search=search,
        category=category,
    )
    page = page_of(request, first, after)
    return FeatureConnection.of(info.context.views.ask(request), page)
