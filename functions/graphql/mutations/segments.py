"""The root fields that create, update and delete segments."""

from strawberry import ID

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.library_inputs import IdArgument, SegmentArgument
from functions.graphql.object_types.segment import Segment
from functions.graphql.saved import changeable
from functions.graphql.scalars import Count


def create_segment(info: Info, *, input_: SegmentArgument) -> Segment:
    """Save a segment as the caller's own."""
    info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    owner = info.context.principal.subject
    content = input_.content(info.context)
    created = info.context.library.segments.create(owner, **content)
    return Segment.of(created, info.context)


def update_segment(
    info: Info, *, id_: IdArgument, expected_version: Count, input_: SegmentArgument
) -> Segment:
    """Replace a segment, unless someone else did so first."""
    shelf = info.context.library.segments
    saved = changeable(info.context, shelf, id_)
    content = input_.content(info.context, saved.id)
    updated = shelf.update(saved, expected_version, **content)
    return Segment.of(updated, info.context)


def delete_segment(info: Info, *, id_: IdArgument) -> ID:
    """Delete a segment; its id."""
    shelf = info.context.library.segments
    shelf.delete(changeable(info.context, shelf, id_))
    return id_
