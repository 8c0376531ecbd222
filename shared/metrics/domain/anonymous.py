"""What is done by nobody who is known (definitions §2): counted apart from people."""

from typing import Final, NamedTuple

import numpy as np

from shared.metrics.domain.activity_rows import ActivityRows
from shared.metrics.domain.events import SESSION_ACTIONS, ActorKind, Signal

_ORIGIN: Final = Signal.ACTION * len(ActorKind) + ActorKind.UNKNOWN
_NOBODY: Final = ""


class AnonymousUse(NamedTuple):
    """The actions of unknown actors on a day, and the ids of their browsers or devices, sorted."""

    hits: int
    ids: list[str]


def anonymous_use(rows: ActivityRows) -> AnonymousUse:
    """The actions in rows whose actor is unknown but has an id; not logins and the like."""
    unknown = rows.origin == _ORIGIN
    if not unknown.any():
        return AnonymousUse(0, [])
    is_hit = np.array([path[3] not in SESSION_ACTIONS for path in rows.paths], bool)
    is_someone = np.array([user != _NOBODY for user in rows.users], bool)
    users = rows.user[unknown & is_hit[rows.path] & is_someone[rows.user]]
    return AnonymousUse(len(users), sorted(rows.users[at] for at in np.unique(users)))
