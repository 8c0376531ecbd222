"""The root field `node`: anything of the tenant that has a global id."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from functions.graphql.auth import Role
from functions.graphql.context import Context, Info
from functions.graphql.library_inputs import IdArgument
from functions.graphql.node_ids import node_key
from functions.graphql.object_types.annotation import Annotation
from functions.graphql.object_types.node import Node
from functions.graphql.object_types.quarantine import QuarantinedRow
from functions.graphql.object_types.quarantine_replay import QuarantineReplay
from functions.graphql.object_types.saved_view import SavedView
from functions.graphql.object_types.segment import Segment
from functions.graphql.object_types.source import Source
from functions.graphql.object_types.working_calendar import WorkingCalendar
from shared.metrics.domain.errors import NotFoundError

KINDS: Final[Mapping[str, Callable[[Context, str], Node]]] = MappingProxyType(
    {
        "Annotation": Annotation.found,
        "QuarantineReplay": QuarantineReplay.found,
        "QuarantinedRow": QuarantinedRow.found,
        "SavedView": SavedView.found,
        "Segment": Segment.found,
        "Source": Source.found,
        "WorkingCalendar": WorkingCalendar.found,
    }
)
"""By the name of an object type: how one is found by its key. NotFoundError if there is none, or
none for the caller; ForbiddenError if its role may see none at all."""


def node(info: Info, *, id_: IdArgument) -> Node | None:
    """What an id stands for. Null, whatever the cause, if there is no such thing for the caller."""
    tenant = info.context.principal.allow(*Role)
    found = node_key(tenant, id_)
    if found is None or found.kind not in KINDS:
        return None
    try:
        return KINDS[found.kind](info.context, found.key)
    except NotFoundError:
        return None
