"""Segments in requests and definitions: outside by global id, inside by key, if the caller may."""

from dataclasses import replace

from functions.graphql.auth import Principal
from functions.graphql.context import A, Context, Tenancy, Views
from functions.graphql.node_ids import key_of_kind, node_id
from shared.metrics.domain.roles import Role, Viewer
from shared.metrics.engine.requests import PeopleFilter, Request
from shared.metrics.engine.segment_definition import (
    SegmentDefinition,
    check_nesting,
    definition_text,
    read_definition,
)
from shared.metrics.storage.saved_objects import Segment
from shared.metrics.storage.shelf import Shelf

_ANYONE = Viewer("", Role.ADMIN)
"""Whoever may see a segment may use it, whatever it is made of."""


class SegmentViews:
    """The views as one caller may ask them: NotFoundError for a segment that is not there, or not
    for them.
    """

    def __init__(self, views: Views, tenancy: Tenancy, principal: Principal) -> None:
        self._views = views
        self._tenancy = tenancy
        self._principal = principal

    def ask(self, request: Request[A], /) -> A:
        """The answer to a request whose filter may name a segment by its global id."""
        if request.people.segment is not None:
            shelf = self._tenancy.open(self._principal.tenant).library.segments
            request = replace(request, people=_with_key(request.people, shelf, self._principal))
        return self._views.ask(request)


def stored_definition(
    context: Context, definition: SegmentDefinition, segment_id: str | None = None
) -> str:
    """The text to store of a definition whose filter names segments by global ids. BadInputError
    if it cannot be answered, or if it is to be that of a segment which it is made of.
    """
    shelf, principal = context.library.segments, context.principal
    people = definition.people
    if people.segment is not None:
        people = _with_key(people, shelf, principal)
    inner = replace(definition, people=people)
    check_nesting(inner, segment_id, lambda id_: shelf.get(id_, _ANYONE).definition)
    context.views.ask(replace(definition.request(principal.tenant), first=1))
    return definition_text(inner)


def shown_definition(context: Context, text: str) -> str:
    """The same with global ids, as a caller can hand it back."""
    definition = read_definition(text)
    key = definition.people.segment
    if key is None:
        return text
    people = replace(
        definition.people, segment=node_id(context.principal.tenant, Segment.__name__, key)
    )
    return definition_text(replace(definition, people=people))


def _with_key(people: PeopleFilter, shelf: Shelf[Segment], principal: Principal) -> PeopleFilter:
    key = key_of_kind(principal.tenant, shelf.kind, people.segment or "")
    if key is None:
        raise shelf.not_found()
    return replace(people, segment=shelf.get(key, principal.viewer).id)
