"""A table of the people with an account: what it states of each, as directory events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from devstack.importing.plain_rows import Row
from devstack.importing.turned_away import TurnedAwayError, Why
from functions.ingest.flattening import text_of
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.events import DIRECTORY_ATTRIBUTES, USER_DEACTIVATED, USER_UPSERTED
from shared.metrics.domain.roster import ACTIVE

_FLAGS: Final = frozenset({"is_integration", "email_verified"})
_TRUE: Final = frozenset({"true", "yes", "1", "y"})
_FALSE: Final = frozenset({"false", "no", "0", "n"})
COLUMN_ATTRIBUTES: Final = tuple(name for name in DIRECTORY_ATTRIBUTES if name != "email_verified")
"""What a column can state; whether addresses are verified is said of the table as a whole."""


class RosterEvent(msgspec.Struct, omit_defaults=True, frozen=True, kw_only=True):
    """A directory event as it is sent (functions/ingest/sources/native.py)."""

    type: str
    occurred_at: int
    user_id: str
    email: str | None = None
    email_verified: bool | None = None
    same_as: str | None = None
    name: str | None = None
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None
    account_status: str | None = None
    role: str | None = None
    team: str | None = None
    manager: str | None = None
    licence: str | None = None
    is_integration: bool | None = None


@dataclass(frozen=True, slots=True)
class RosterMap:
    """Which columns state what. `person` has the id; `columns` those of attributes; `also` those
    with other ids of the same person, by what stands before these ids (a kind of source, or `""`).
    `prefix` stands before the ids themselves.
    """

    person: str
    columns: Mapping[str, str]
    also: Sequence[tuple[str, str]] = ()
    prefix: str = ""
    emails_verified: bool = True

    @property
    def needed(self) -> set[str]:
        """The columns that must be there."""
        return {self.person, *self.columns.values(), *(column for _, column in self.also)}


def roster_map(
    person: str,
    columns: Sequence[str],
    also: Sequence[str],
    *,
    prefix: str = "",
    emails_verified: bool = True,
) -> RosterMap:
    """The map that `attribute=COLUMN` and `kind=COLUMN` texts describe; BadInputError if none."""
    return RosterMap(
        person,
        dict(_pair("--column", text, COLUMN_ATTRIBUTES) for text in columns),
        [_pair("--also", text, None) for text in also],
        prefix,
        emails_verified,
    )


def _pair(option: str, text: str, allowed: Sequence[str] | None) -> tuple[str, str]:
    name, separator, column = text.partition("=")
    if not separator or not column or (allowed is not None and name not in allowed):
        of = f" with a name of: {', '.join(allowed)}" if allowed else ", such as hubspot=HubSpot ID"
        message = f"{option} {text!r} is not name=COLUMN{of}"
        raise BadInputError(message, field=option.lstrip("-"))
    return name, column


@dataclass(slots=True)
class RosterEvents:
    """Makes directory events of rows. `at_ms`: from when the table holds."""

    map: RosterMap
    at_ms: int
    met: set[str] = field(default_factory=set)

    def events(self, rows: Iterable[Row]) -> Sequence[RosterEvent]:
        """What the rows state."""
        return [event for row in rows for event in self._of_row(row)]

    def closed(self, user_ids: Iterable[str]) -> Iterator[RosterEvent]:
        """That people have no account any more."""
        for user_id in user_ids:
            yield RosterEvent(type=USER_DEACTIVATED, occurred_at=self.at_ms, user_id=user_id)

    def _of_row(self, row: Row) -> Iterator[RosterEvent]:
        bare = text_of(row.get(self.map.person))
        if not bare:
            raise TurnedAwayError(Why.MISSING_USER, f"the id is empty: {self.map.person}")
        user_id = self.map.prefix + bare
        self.met.add(user_id)
        # Who is in the table has an account, unless it says otherwise.
        stated: dict[str, str | bool | None] = {"account_status": ACTIVE}
        for name in COLUMN_ATTRIBUTES:
            column = self.map.columns.get(name, name)
            if column in row:
                text = text_of(row[column])
                stated[name] = _flag(name, text) if name in _FLAGS else text
        if stated.get("email"):
            stated["email_verified"] = self.map.emails_verified
        fields = {"type": USER_UPSERTED, "occurred_at": self.at_ms, "user_id": user_id}
        yield msgspec.convert(fields | stated, RosterEvent)
        for kind, column in self.map.also:
            if other := text_of(row.get(column)):
                same = f"{kind}:{other}" if kind else other
                yield msgspec.convert(fields | {"same_as": same}, RosterEvent)


def _flag(name: str, text: str) -> bool | None:
    word = text.strip().casefold()
    if word in _TRUE or word in _FALSE or not word:
        return word in _TRUE if word else None
    raise TurnedAwayError(Why.BAD_VALUE, f"{name} {text!r} is neither true nor false")
