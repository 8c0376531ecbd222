"""The root fields that create, update and delete annotations."""

from strawberry import ID

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.library_inputs import AnnotationArgument, IdArgument
from functions.graphql.object_types.annotation import Annotation
from functions.graphql.saved import changeable
from functions.graphql.scalars import Count


def create_annotation(info: Info, *, input_: AnnotationArgument) -> Annotation:
    """Save an annotation, which everyone of the tenant sees."""
    info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    owner = info.context.principal.subject
    created = info.context.library.annotations.create(owner, **input_.content())
    return Annotation.of(created, info.context)


def update_annotation(
    info: Info, *, id_: IdArgument, expected_version: Count, input_: AnnotationArgument
) -> Annotation:
    """Replace an annotation, unless someone else did so first."""
    shelf = info.context.library.annotations
    saved = changeable(info.context, shelf, id_)
    updated = shelf.update(saved, expected_version, **input_.content())
    return Annotation.of(updated, info.context)


def delete_annotation(info: Info, *, id_: IdArgument) -> ID:
    """Delete an annotation; its id."""
    shelf = info.context.library.annotations
    shelf.delete(changeable(info.context, shelf, id_))
    return id_
