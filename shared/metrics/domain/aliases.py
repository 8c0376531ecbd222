"""Several ids of one person (definitions §2): joined by a verified e-mail address, or because a
source that knows says so. All they do counts for one of them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from shared.metrics.domain.events import Event

EMAIL: Final = "email"
EMAIL_VERIFIED: Final = "email_verified"
SAME_AS: Final = "same_as"
_TRUE: Final = "true"
_DIGEST_BYTES: Final = 12
_NEVER: Final = 1 << 62
_ID: Final = "id:"
_MAIL: Final = "mail:"


@dataclass(frozen=True, slots=True)
class Aliases:
    """`person_of` has for every id that another one stands for that other one. `digest` is the same
    for the same aliases, and empty for none.
    """

    person_of: Mapping[str, str] = field(default_factory=dict)
    digest: bytes = b""

    @staticmethod
    def of(person_of: Mapping[str, str]) -> "Aliases":
        """Aliases with their digest."""
        if not person_of:
            return NO_ALIASES
        text = json.dumps(sorted(person_of.items()), separators=(",", ":"))
        return Aliases(person_of, blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest())

    def person(self, user_id: str) -> str:
        """The id that stands for the person who has this one."""
        return self.person_of.get(user_id, user_id)


NO_ALIASES: Final = Aliases()


def aliases_of(events: Iterable[Event]) -> Aliases:
    """The aliases that directory events state, in whatever order.

    Of the ids of one person the one that stands for all is that of which something was stated
    first; of several the smallest. What was once joined stays joined.
    """
    group_of: dict[str, str] = {}
    stated_first: dict[str, int] = {}

    def root(node: str) -> str:
        while (above := group_of.setdefault(node, node)) != node:
            group_of[node] = group_of[above]
            node = above
        return node

    for event in events:
        user_id, at_ms = event.user_id, event.occurred_at_ms
        stated_first[user_id] = min(at_ms, stated_first.get(user_id, at_ms))
        for other in _joined_with(event):
            group_of[root(_ID + user_id)] = root(other)
    groups: dict[str, list[str]] = {}
    for node in list(group_of):
        if node.startswith(_ID):
            groups.setdefault(root(node), []).append(node.removeprefix(_ID))
    person_of: dict[str, str] = {}
    for ids in groups.values():
        person = min(ids, key=lambda user_id: (stated_first.get(user_id, _NEVER), user_id))
        person_of |= {user_id: person for user_id in ids if user_id != person}
    return Aliases.of(person_of)


def _joined_with(event: Event) -> list[str]:
    """The nodes that an event joins its user's with."""
    if not event.context:
        return []
    stated: dict[str, str] = json.loads(event.context)
    found = []
    if other := stated.get(SAME_AS):
        found.append(_ID + other)
    if (email := stated.get(EMAIL, "").strip().casefold()) and stated.get(EMAIL_VERIFIED) == _TRUE:
        found.append(_MAIL + email)
    return found


def with_persons(events: Iterable[Event], aliases: Aliases) -> list[Event]:
    """The events with the id that stands for each person."""
    return [
        event._replace(user_id=aliases.person(event.user_id))
        if event.user_id in aliases.person_of
        else event
        for event in events
    ]
