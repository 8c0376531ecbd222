"""The event (definitions §2): one deed of one person, and the identity that de-duplicates it.

An absent string is `""` here; empty strings are turned away or dropped where events enter.
"""

import json
from collections.abc import Callable
from enum import IntEnum
from hashlib import blake2b
from typing import Final, NamedTuple

EVENT_ID_BYTES: Final = 16


class Signal(IntEnum):
    """What a row says: someone acted, a record changed, or a system did something."""

    ACTION = 0
    CHANGE = 1
    SYSTEM = 2


class ActorKind(IntEnum):
    """Who did it; only `USER` counts towards hits and people."""

    USER = 0
    API = 1
    IMPORT = 2
    UNKNOWN = 3


LOGIN: Final = "login"
LOGOUT: Final = "logout"
HEARTBEAT: Final = "heartbeat"
SESSION_ACTIONS: Final = frozenset({LOGIN, LOGOUT, HEARTBEAT})

USER_UPSERTED: Final = "user.upserted"
USER_DEACTIVATED: Final = "user.deactivated"
DIRECTORY_ACTIONS: Final = frozenset({USER_UPSERTED, USER_DEACTIVATED})

DIRECTORY_ATTRIBUTES: Final = (
    "email",
    "email_verified",
    "same_as",
    "name",
    "language",
    "country",
    "time_zone",
    "account_status",
    "role",
    "team",
    "manager",
    "licence",
    "is_integration",
)

DEFAULT_ACTION: Final = "use"


class Event(NamedTuple):
    """A validated event. Times are milliseconds since 1970 in UTC.

    `context` is canonical JSON (sorted keys, no white space) or `""`. A directory event has the
    action `user.upserted` or `user.deactivated` and its attributes as `context`. `change` is what
    happened to a record, as canonical JSON (`columns/change_texts.py`), or `""`.
    """

    event_id: bytes
    user_id: str
    occurred_at_ms: int
    received_at_ms: int
    feature: str
    property: str
    attribute: str
    action: str
    record_id: str
    account_id: str
    signal: Signal
    actor_kind: ActorKind
    source: str
    context: str
    change: str = ""

    def canonical_content(self) -> bytes:
        """Everything but the id, the time and `received_at`, as bytes that can be ordered.

        Among copies of one event the smallest content is kept (definitions §2), so the bytes must
        be the same on every Python version: ASCII JSON, no `repr`.
        """
        content: tuple[str | int, ...] = (
            self.user_id,
            self.feature,
            self.property,
            self.attribute,
            self.action,
            self.record_id,
            self.account_id,
            int(self.signal),
            int(self.actor_kind),
            self.source,
            self.context,
        )
        # Ids are hashes of this: events without a change keep those they had before there were any.
        content = (*content, self.change) if self.change else content
        return json.dumps(content, separators=(",", ":")).encode("ascii")


def is_directory_event(event: Event) -> bool:
    """Whether the event tells of the roster rather than of something someone did.

    Directory events have no feature: the use of a feature may call its action what it likes.
    """
    return event.action in DIRECTORY_ACTIONS and not event.feature


def event_id_from_sender(source: str, sender_id: str) -> bytes:
    """The id of an event whose sender gave it one: the same for every re-sending, for ever."""
    return event_ids_from_senders(source)(sender_id)


def event_ids_from_senders(source: str) -> Callable[[str], bytes]:
    """`event_id_from_sender` for many events of one source, at half the cost of each."""
    begun = blake2b(f"{len(source)}:{source}".encode(), digest_size=EVENT_ID_BYTES)

    def event_id(sender_id: str) -> bytes:
        hashed = begun.copy()
        hashed.update(sender_id.encode())
        return hashed.digest()

    return event_id


def event_id_from_content(source: str, occurred_at_ms: int, content: bytes, nth: int) -> bytes:
    """The id of an event without one: its content, and how many identical rows came before it.

    `nth` counts the identical rows earlier in the same delivery, so that re-sending the delivery
    adds nothing and true repetitions inside it are all kept.
    """
    key = f"{len(source)}:{source}{occurred_at_ms}#{nth}#".encode() + content
    return blake2b(key, digest_size=EVENT_ID_BYTES, person=b"content").digest()
