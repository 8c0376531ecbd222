"""The root field `sources`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.connection import Connection, connection_of
from functions.graphql.object_types.source import Source
from shared.metrics.storage.sources import StoredSource


def sources(
    info: Info, *, first: int = DEFAULT_FIRST, after: str | None = None
) -> Connection[Source]:
    """A page of the sources of the caller's tenant, by id."""
    tenant = info.context.principal.allow(Role.ADMIN)
    page = page_of(("sources", tenant), first, after)
    return connection_of(page, info.context.sources.all(), _by_id, _shown)


def _by_id(stored: StoredSource) -> str:
    return stored.source.source_id


def _shown(stored: StoredSource) -> Source:
    return Source.of(stored.source)
