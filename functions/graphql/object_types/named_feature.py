"""Features that a tenant has put into its catalogue."""

from typing import Self

import strawberry

from functions.graphql.enums import Category
from shared.metrics.domain import catalogue


@strawberry.type(description="A feature that the tenant has put into its catalogue.")
class NamedFeature:
    """What the tenant says of it."""

    name: str
    category: Category
    properties: list[str]
    attributes: list[list[str]] = strawberry.field(
        description="The attributes of each of the properties, in their order."
    )

    @classmethod
    def of(cls, name: str, feature: catalogue.NamedFeature) -> Self:
        """From what is stored."""
        return cls(
            name=name,
            category=feature.category,
            properties=list(feature.properties),
            attributes=[list(of) for of in feature.properties.values()],
        )
