"""How saved objects are found, by their global ids, and who may change them."""

from typing import TypeVar

from functions.graphql.context import Context
from functions.graphql.errors import ForbiddenError
from functions.graphql.node_ids import key_of_kind
from shared.metrics.storage.saved_objects import SavedObject
from shared.metrics.storage.shelf import Shelf

S = TypeVar("S", bound=SavedObject)


def found(context: Context, shelf: Shelf[S], id_: str) -> S:
    """A saved object that the caller may see. NotFoundError, always the same, if there is none."""
    key = key_of_kind(context.principal.tenant, shelf.kind, id_)
    if key is None:
        raise shelf.not_found()
    return shelf.get(key, context.principal.viewer)


def changeable(context: Context, shelf: Shelf[S], id_: str) -> S:
    """A saved object that the caller may change; ForbiddenError if it may only be seen."""
    saved = found(context, shelf, id_)
    if not saved.is_changeable_by(context.principal.viewer):
        raise ForbiddenError(f"only its owner or an admin may change this {shelf.name}")
    return saved
