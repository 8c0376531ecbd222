"""The root fields that extend the tenant's catalogue."""

from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import Category
from functions.graphql.object_types.named_feature import NamedFeature
from shared.metrics.domain.errors import BadInputError
from shared.metrics.storage.tenant_catalogue import named_feature


@strawberry.input(description="A property of a feature.")
class PropertyInput:
    """Its name, and its attributes."""

    name: str
    attributes: list[str] = strawberry.field(default_factory=list)


_Name: TypeAlias = Annotated[
    str, strawberry.argument(description="That under which its events are kept.")
]
_Properties: TypeAlias = Annotated[
    list[PropertyInput] | None,
    strawberry.argument(description="A module has those of all modules besides."),
]


def name_feature(
    info: Info, *, name: _Name, category: Category, properties: _Properties = None
) -> NamedFeature:
    """Put a feature into the catalogue of the caller's tenant."""
    info.context.principal.allow(Role.ADMIN)
    given = {each.name: each.attributes for each in properties or ()}
    if len(given) < len(properties or ()):
        raise BadInputError("two properties have the same name", field="properties")
    feature = named_feature(category, given)
    after = info.context.tenant_settings.name_feature(name, feature)
    own = name.strip()
    return NamedFeature.of(own, after.named_features[own])


def unname_feature(info: Info, *, name: _Name) -> str:
    """Take a feature out of the catalogue again."""
    info.context.principal.allow(Role.ADMIN)
    info.context.tenant_settings.name_feature(name, None)
    return name.strip()
