"""From the values of a row to an event in our wire format, with an id that re-sending keeps."""

from hashlib import blake2b
from typing import Final

import msgspec

from devstack.importing.mapping import FIELDS, Values
from devstack.importing.times import TimeReader
from devstack.importing.turned_away import TurnedAwayError, Why
from shared.metrics.domain.events import DEFAULT_ACTION, SESSION_ACTIONS, ActorKind, Signal

_DIGEST_BYTES: Final = 16
_SEPARATORS: Final = len(FIELDS) - 1
_ACTION: Final = Signal.ACTION.name


class FileEvent(msgspec.Struct, omit_defaults=True, frozen=True):
    """An event as it is sent (functions/ingest/sources/native.py); only what is not the default."""

    event_id: str
    occurred_at: int
    user_id: str = ""
    feature: str = ""
    property: str = ""
    attribute: str = ""
    action: str = DEFAULT_ACTION
    record_id: str = ""
    account_id: str = ""
    signal: str = _ACTION
    actor_kind: str = ActorKind.USER.name


class FileEvents:
    """Makes the events of one file, in its order.

    The id of an event is a hash of its mapped row and how many identical rows came before it: the
    same set of ids for every order of the rows, with true repetitions kept apart.
    """

    def __init__(self, times: TimeReader) -> None:
        self._milliseconds = times.milliseconds
        self._seen: dict[bytes, int] = {}
        self.repetitions = 0

    def event(self, values: Values) -> FileEvent:
        """The event of a row; TurnedAwayError if it is none."""
        user, time, feature, of, attribute, action, record, account, signal, actor = values
        at_ms = self._milliseconds(time)
        action = action or DEFAULT_ACTION
        if not user and (signal == _ACTION or action in SESSION_ACTIONS):
            raise TurnedAwayError(Why.MISSING_USER, "the user is empty")
        if not feature and action not in SESSION_ACTIONS:
            raise TurnedAwayError(Why.MISSING_FEATURE, "the feature is empty")
        row = (user, str(at_ms), feature, of, attribute, action, record, account, signal, actor)
        return FileEvent(
            self._id(row), at_ms, user, feature, of, attribute, action, record, account,
            signal, actor,
        )  # fmt: skip

    def _id(self, row: Values) -> str:
        try:
            digest = blake2b(canonical(row), digest_size=_DIGEST_BYTES).digest()
        except UnicodeEncodeError:
            raise TurnedAwayError(Why.NOT_UTF8, "bytes that are not UTF-8") from None
        nth = self._seen.get(digest, 0)
        self._seen[digest] = nth + 1
        if nth:
            self.repetitions += 1
        return f"{digest.hex()}.{nth}"


def canonical(row: Values) -> bytes:
    """The bytes of a mapped row, different for different rows.

    Joined by NUL, which is fast; if a value holds one, there are more of them than any such row
    has, and the lengths stand before the values.
    """
    joined = "\0".join(row)
    if joined.count("\0") != _SEPARATORS:
        joined = "\0".join(("", *(f"{len(value)}:{value}" for value in row)))
    return joined.encode()
