"""What everything that people save says of itself."""

from datetime import datetime
from typing import TypedDict

import strawberry

from functions.graphql.context import Context
from functions.graphql.node_ids import node_id
from functions.graphql.object_types.node import Node
from functions.graphql.scalars import Count
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.storage import saved_objects


@strawberry.interface(description="Something that a person has saved for the tenant.")
class SavedObject(Node):
    """The fields that all of them share."""

    owner: str = strawberry.field(description="The user id of whoever made it.")
    may_change: bool = strawberry.field(
        description="Whether the caller may change it: its owner may, and every admin."
    )
    created_at: datetime
    changed_at: datetime
    version: int = strawberry.field(
        graphql_type=Count, description="To be handed back as `expectedVersion`."
    )


class SavedFields(TypedDict):
    """The values of `SavedObject`'s fields."""

    id: strawberry.ID
    owner: str
    may_change: bool
    created_at: datetime
    changed_at: datetime
    version: int


def saved_fields(saved: saved_objects.SavedObject, context: Context) -> SavedFields:
    """Those values, as the caller sees them."""
    principal = context.principal
    return SavedFields(
        id=node_id(principal.tenant, type(saved).__name__, saved.id),
        owner=saved.owner,
        may_change=saved.is_changeable_by(principal.viewer),
        created_at=from_milliseconds(saved.created_at_ms),
        changed_at=from_milliseconds(saved.changed_at_ms),
        version=saved.version,
    )
