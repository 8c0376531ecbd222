"""The root fields that create, update and delete saved views."""

from strawberry import ID

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.library_inputs import IdArgument, SavedViewArgument
from functions.graphql.object_types.saved_view import SavedView
from functions.graphql.saved import changeable
from functions.graphql.scalars import Count


def create_saved_view(info: Info, *, input_: SavedViewArgument) -> SavedView:
    """Save a view as the caller's own."""
    info.context.principal.allow(*Role)
    owner = info.context.principal.subject
    created = info.context.library.saved_views.create(owner, **input_.content())
    return SavedView.of(created, info.context)


def update_saved_view(
    info: Info, *, id_: IdArgument, expected_version: Count, input_: SavedViewArgument
) -> SavedView:
    """Replace a saved view, unless someone else did so first."""
    shelf = info.context.library.saved_views
    saved = changeable(info.context, shelf, id_)
    updated = shelf.update(saved, expected_version, **input_.content())
    return SavedView.of(updated, info.context)


def delete_saved_view(info: Info, *, id_: IdArgument) -> ID:
    """Delete a saved view; its id."""
    shelf = info.context.library.saved_views
    shelf.delete(changeable(info.context, shelf, id_))
    return id_
