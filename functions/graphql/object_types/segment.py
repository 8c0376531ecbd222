"""Segments: people described by conditions."""

from typing import Self

import strawberry

from functions.graphql.context import Context
from functions.graphql.enums import Role
from functions.graphql.object_types.saved_object import SavedObject, saved_fields
from functions.graphql.scalars import JsonText
from functions.graphql.segments import shown_definition
from shared.metrics.storage import saved_objects


@strawberry.type(description="People described by conditions, under a name.")
class Segment(SavedObject):
    """A segment as one caller sees it."""

    name: str
    definition: str = strawberry.field(
        graphql_type=JsonText,
        description="What makes someone a member, with the names of SegmentDefinitionInput.",
    )
    shared_with: list[Role] = strawberry.field(
        description="The roles whose holders see it too; admins always do."
    )

    @classmethod
    def of(cls, saved: saved_objects.Segment, context: Context) -> Self:
        """From what is stored."""
        return cls(
            **saved_fields(saved, context),
            name=saved.name,
            definition=shown_definition(context, saved.definition),
            shared_with=list(saved.shared_with),
        )

    @classmethod
    def found(cls, context: Context, key: str) -> Self:
        """The one of a key; NotFoundError if there is none for the caller."""
        return cls.of(context.library.segments.get(key, context.principal.viewer), context)
