"""Connections of Relay: pages of a list of things that have an order of their own."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import strawberry
from strawberry.relay import PageInfo

from functions.graphql.cursors import Page
from functions.graphql.scalars import Count

S = TypeVar("S")
T = TypeVar("T")


@strawberry.type(description="A node, and where it is in the list.")
class Edge(Generic[T]):
    """An edge of a connection."""

    cursor: str = strawberry.field(description="To be handed back as `after`, unread.")
    node: T


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """The nodes of a page, and whether there are others."""

    edges: list[Edge[T]]
    nodes: list[T] = strawberry.field(description="The nodes of the edges.")
    page_info: PageInfo
    total_count: int = strawberry.field(
        graphql_type=Count, description="How many there are on all pages together."
    )


def connection_of(
    page: Page, found: Iterable[S], position: Callable[[S], str], node: Callable[[S], T]
) -> Connection[T]:
    """A page of what was found, in the order of positions, each of which is unique.

    A page begins after a position and not at a place, so that what comes or goes between two pages
    makes nothing else appear twice or be left out.
    """
    ordered = sorted(found, key=position)
    start = 0 if page.after is None else bisect_right(ordered, page.after, key=position)
    edges = [
        Edge(cursor=page.cursor(position(each)), node=node(each))
        for each in ordered[start : start + page.first]
    ]
    return Connection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=PageInfo(
            has_next_page=start + page.first < len(ordered),
            has_previous_page=start > 0,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total_count=len(ordered),
    )
