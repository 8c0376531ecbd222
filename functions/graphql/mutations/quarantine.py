"""The root field that has rows in quarantine tried again."""

from typing import Annotated, TypeAlias

import strawberry
from strawberry import ID

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import QuarantineReason
from functions.graphql.node_ids import key_of_kind
from functions.graphql.object_types.quarantine import KIND
from functions.graphql.object_types.quarantine_replay import QuarantineReplay
from shared.metrics.domain.errors import BadInputError, NotFoundError
from shared.metrics.storage.quarantine_pages import place_of
from shared.metrics.storage.replays import Wanted

_Ids: TypeAlias = Annotated[
    list[ID] | None, strawberry.argument(description="Of at most 1 000 rows.")
]


def replay_quarantine(
    info: Info,
    *,
    source: str | None = None,
    reason: QuarantineReason | None = None,
    ids: _Ids = None,
) -> QuarantineReplay:
    """Ask for a replay of rows of the caller's tenant."""
    tenant = info.context.principal.allow(Role.ADMIN)
    if ids is not None and not ids:
        raise BadInputError("ids is empty; leave it out for all rows", field="ids")
    rows = tuple(_row(tenant, id_) for id_ in ids or ())
    wanted = Wanted(source, None if reason is None else reason.value, rows)
    return QuarantineReplay.of(info.context.replays.ask(wanted, info.context.principal.subject))


def _row(tenant: str, id_: str) -> tuple[str, int]:
    key = key_of_kind(tenant, KIND, id_)
    if key is None:
        raise NotFoundError("there is no such row in quarantine")
    place = place_of(key)
    return place.name, place.index
