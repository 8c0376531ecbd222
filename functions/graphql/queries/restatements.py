"""The root field `restatements`."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.inputs import RangeInput
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.restatements import RestatementConnection
from shared.metrics.domain.periods import Window

_Range: TypeAlias = Annotated[
    RangeInput | None, strawberry.argument(name="range", description="All days if not given.")
]


def restatements(
    info: Info, *, range_: _Range = None, first: int = DEFAULT_FIRST, after: str | None = None
) -> RestatementConnection:
    """A page of the restatement log of the caller's tenant."""
    tenant = info.context.principal.allow(*Role)
    window = range_.window() if range_ else Window(date.min, date.max)
    page = page_of(("restatements", tenant, window), first, after)
    found = info.context.restatements.between(
        window.first, window.last, limit=page.first + 1, after=page.after or ""
    )
    return RestatementConnection.of(found, page)
