"""Saved views."""

from typing import Self

import strawberry

from functions.graphql.context import Context
from functions.graphql.enums import Role, ViewName
from functions.graphql.object_types.saved_object import SavedObject, saved_fields
from functions.graphql.scalars import JsonText
from shared.metrics.storage import saved_objects


@strawberry.type(description="A view with its arguments, under a name.")
class SavedView(SavedObject):
    """A saved view as one caller sees it."""

    name: str
    view: ViewName
    arguments: str = strawberry.field(graphql_type=JsonText)
    shared_with: list[Role] = strawberry.field(
        description="The roles whose holders see it too; admins always do."
    )

    @classmethod
    def of(cls, saved: saved_objects.SavedView, context: Context) -> Self:
        """From what is stored."""
        return cls(
            **saved_fields(saved, context),
            name=saved.name,
            view=saved.view,
            arguments=saved.arguments,
            shared_with=list(saved.shared_with),
        )

    @classmethod
    def found(cls, context: Context, key: str) -> Self:
        """The one of a key; NotFoundError if there is none for the caller."""
        return cls.of(context.library.saved_views.get(key, context.principal.viewer), context)
