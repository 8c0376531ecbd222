"""Replays of rows in quarantine."""

from datetime import datetime
from typing import Final, Self

import strawberry

from functions.graphql.auth import Role
from functions.graphql.context import Context
from functions.graphql.enums import ReplayState
from functions.graphql.node_ids import node_id
from functions.graphql.object_types.node import Node
from functions.graphql.scalars import Count
from shared.metrics.domain.periods import from_milliseconds
from shared.metrics.storage.replays import Replay

KIND: Final = "QuarantineReplay"


@strawberry.type(
    description="Rows in quarantine being tried again, in the background. Ask `node` for its id to "
    "see how far it is. For admins."
)
class QuarantineReplay(Node):
    """A replay as an admin sees it."""

    state: ReplayState
    requested_by: str = strawberry.field(description="The user id of whoever asked for it.")
    requested_at: datetime
    finished_at: datetime | None
    stored: int = strawberry.field(
        graphql_type=Count, description="Rows that passed, are stored, and have left quarantine."
    )
    remaining: int = strawberry.field(
        graphql_type=Count, description="Rows that were tried and stay, with what is wrong now."
    )

    @classmethod
    def of(cls, replay: Replay) -> Self:
        """From what is stored."""
        finished_ms = replay.finished_at_ms
        return cls(
            id=node_id(replay.tenant, KIND, replay.replay_id),
            state=replay.state,
            requested_by=replay.requested_by,
            requested_at=from_milliseconds(replay.requested_at_ms),
            finished_at=from_milliseconds(finished_ms) if finished_ms else None,
            stored=replay.stored,
            remaining=replay.remaining,
        )

    @classmethod
    def found(cls, context: Context, key: str) -> Self:
        """The one of a key; NotFoundError if there is none, ForbiddenError but for admins."""
        context.principal.allow(Role.ADMIN)
        return cls.of(context.replays.get(key).replay)
