"""The root fields `savedViews`, `segments` and `annotations`: what people have saved."""

from functools import partial
from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.enums import ViewName
from functions.graphql.inputs import RangeInput
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.annotation import Annotation
from functions.graphql.object_types.connection import Connection, connection_of
from functions.graphql.object_types.saved_view import SavedView
from functions.graphql.object_types.segment import Segment
from shared.metrics.storage import saved_objects

_Range: TypeAlias = Annotated[
    RangeInput | None, strawberry.argument(name="range", description="All days if not given.")
]


def saved_views(
    info: Info,
    *,
    view: ViewName | None = None,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> Connection[SavedView]:
    """A page of the saved views that the caller may see, by name."""
    info.context.principal.allow(*Role)
    page = page_of(("savedViews", info.context.principal, view), first, after)
    saved = info.context.library.saved_views.visible_to(info.context.principal.viewer)
    chosen = [each for each in saved if view in {None, each.view}]
    return connection_of(page, chosen, _by_name, partial(SavedView.of, context=info.context))


def segments(
    info: Info, *, first: int = DEFAULT_FIRST, after: str | None = None
) -> Connection[Segment]:
    """A page of the segments that the caller may see, by name."""
    info.context.principal.allow(*Role)
    page = page_of(("segments", info.context.principal), first, after)
    saved = info.context.library.segments.visible_to(info.context.principal.viewer)
    return connection_of(page, saved, _by_name, partial(Segment.of, context=info.context))


def annotations(
    info: Info, *, range_: _Range = None, first: int = DEFAULT_FIRST, after: str | None = None
) -> Connection[Annotation]:
    """A page of the annotations of a range, by day."""
    info.context.principal.allow(*Role)
    window = range_.window() if range_ else None
    page = page_of(("annotations", info.context.principal, window), first, after)
    saved = info.context.library.annotations.visible_to(info.context.principal.viewer)
    chosen = [each for each in saved if window is None or each.day in window]
    return connection_of(page, chosen, _by_day, partial(Annotation.of, context=info.context))


def _by_name(saved: saved_objects.Shared) -> str:
    """In the order of names in any case; no name has a zero character, so that it ends there."""
    return f"{saved.name.casefold()}\0{saved.id}"


def _by_day(saved: saved_objects.Annotation) -> str:
    return f"{saved.day.isoformat()}\0{saved.id}"
