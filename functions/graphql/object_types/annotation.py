"""Annotations: notes on days, such as releases."""

from datetime import date
from typing import Self

import strawberry

from functions.graphql.context import Context
from functions.graphql.object_types.saved_object import SavedObject, saved_fields
from shared.metrics.storage import saved_objects


@strawberry.type(description="A note on a day, such as a release, for everyone of the tenant.")
class Annotation(SavedObject):
    """An annotation as one caller sees it."""

    day: date
    text: str
    category: str | None

    @classmethod
    def of(cls, saved: saved_objects.Annotation, context: Context) -> Self:
        """From what is stored."""
        return cls(
            **saved_fields(saved, context),
            day=saved.day,
            text=saved.text,
            category=saved.category,
        )

    @classmethod
    def found(cls, context: Context, key: str) -> Self:
        """The one of a key; NotFoundError if there is none for the caller."""
        return cls.of(context.library.annotations.get(key, context.principal.viewer), context)
