"""The catalogue of features, as a Relay connection (definitions §2)."""

from bisect import bisect_right
from datetime import date
from typing import Final, Self

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.cursors import Page
from functions.graphql.enums import Category
from functions.graphql.object_types.answer import Answer, proved
from functions.graphql.scalars import Count
from shared.metrics.domain.views.features import FeatureEntry, FeaturesAnswer

_CATEGORIES: Final = list(Category)


@strawberry.type(description="Something people use, with what can be done with it.")
class Feature:
    """An entry of the catalogue, or something that was used and is not in it."""

    name: str
    category: Category | None = strawberry.field(
        description="Null for a feature that is not in the catalogue."
    )
    is_uncatalogued: bool = strawberry.field(
        description="Whether it was used, and is not in the catalogue."
    )
    properties: list[str]
    attributes: list[list[str]] = strawberry.field(
        description="The attributes of each of the properties, in their order."
    )
    actions: list[str] = strawberry.field(description="What people have done with it.")
    last_used: date | None = strawberry.field(
        description="The last day of the range with a hit; null if there is none."
    )

    @classmethod
    def of(cls, entry: FeatureEntry) -> Self:
        """From the view's entry."""
        return cls(
            name=entry.name,
            category=entry.category,
            is_uncatalogued=entry.category is None,
            properties=entry.properties,
            attributes=entry.attributes,
            actions=entry.actions,
            last_used=entry.last_used,
        )


@strawberry.type(description="A feature, and where it is in the list.")
class FeatureEdge:
    """An edge of the connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: Feature


@strawberry.type(description="The features of the catalogue and all that were used, by name.")
class FeatureConnection(Answer):
    """A page of features."""

    categories: list[Category] = strawberry.field(description="Every category.")
    category_names: list[str] = strawberry.field(description="The names of the categories.")
    edges: list[FeatureEdge]
    nodes: list[Feature] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    total_count: int = strawberry.field(
        graphql_type=Count, description="The features on all pages together."
    )

    @classmethod
    def of(cls, answer: FeaturesAnswer, page: Page) -> Self:
        """A page of the view's answer, which is in the order of names."""
        found = answer.features
        start = 0
        if page.after is not None:
            start = bisect_right(found, page.after, key=lambda entry: entry.name)
        nodes = [Feature.of(entry) for entry in found[start : start + page.first]]
        edges = [FeatureEdge(cursor=page.cursor(node.name), node=node) for node in nodes]
        return cls(
            **proved(answer.proof),
            categories=_CATEGORIES,
            category_names=[category.value for category in _CATEGORIES],
            edges=edges,
            nodes=nodes,
            page_info=PageInfo(
                has_next_page=start + page.first < len(found),
                has_previous_page=start > 0,
                start_cursor=edges[0].cursor if edges else None,
                end_cursor=edges[-1].cursor if edges else None,
            ),
            total_count=len(found),
        )
