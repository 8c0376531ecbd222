"""The roster (definitions §2): the people with an account, and their attributes by date."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain import unset
from shared.metrics.domain.aliases import NO_ALIASES, Aliases, aliases_of, with_persons
from shared.metrics.domain.events import USER_DEACTIVATED, Event

ACCOUNT_STATUS: Final = "account_status"
IS_INTEGRATION: Final = "is_integration"
ACTIVE: Final = "active"
INACTIVE: Final = "inactive"
TRUE: Final = "true"
NOT_SET: Final = unset.NOT_SET
ABSENT: Final = -1


@dataclass(frozen=True, slots=True)
class AttributeHistory:
    """Every change of one attribute, ordered by time: `value[code]` from `at_ms` on, or ABSENT.

    `user` indexes the roster's `user_ids`.
    """

    values: list[str]
    user: NDArray[np.int64]
    at_ms: NDArray[np.int64]
    code: NDArray[np.int64]

    def first_codes(self, people: int) -> NDArray[np.int64]:
        """The first known code of each person, which also stands before it was known."""
        codes = np.full(people, ABSENT, np.int64)
        codes[self.user[::-1]] = self.code[::-1]
        return codes

    def codes_at(self, instant_ms: int, people: int) -> NDArray[np.int64]:
        """The code of each person just before an instant."""
        codes = self.first_codes(people)
        known = int(np.searchsorted(self.at_ms, instant_ms))
        # Of repeated indices the last assignment stands, and the changes are in order of time.
        codes[self.user[:known]] = self.code[:known]
        return codes

    def value(self, code: int) -> str | None:
        """The value of a code; None for ABSENT."""
        return None if code == ABSENT else self.values[code]

    def matching(self, values: Iterable[str]) -> NDArray[np.bool_]:
        """For each code whether it is one of `values`; the last entry is for ABSENT."""
        wanted = set(values)
        return np.array([value in wanted for value in [*self.values, NOT_SET]], bool)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everyone whom directory events have told of, by user id, and their attributes' histories.
    Somebody with several ids is there once, under the one that stands for all (`aliases`).
    """

    user_ids: Sequence[str]
    attributes: Mapping[str, AttributeHistory]
    aliases: Aliases = NO_ALIASES

    def history(self, attribute: str) -> AttributeHistory:
        """The history of an attribute; an empty one if nobody has it."""
        return self.attributes.get(attribute, _NO_HISTORY)

    @property
    def has_integrations(self) -> bool:
        """Whether anyone is or was an integration."""
        return TRUE in self.history(IS_INTEGRATION).values

    def described(self, user_id: str) -> tuple[str | None, str | None]:
        """Name and e-mail of a person as last known; None where unknown."""
        at = bisect_left(self.user_ids, user_id)
        if at == len(self.user_ids) or self.user_ids[at] != user_id:
            return None, None
        return self._last("name", at), self._last("email", at)

    def _last(self, attribute: str, user: int) -> str | None:
        history = self.history(attribute)
        changes = np.flatnonzero(history.user == user)
        return history.value(int(history.code[changes[-1]])) if len(changes) else None


_NOTHING: Final = np.zeros(0, np.int64)
_NO_HISTORY: Final = AttributeHistory([], _NOTHING, _NOTHING, _NOTHING)
EMPTY_ROSTER: Final = Roster([], {})


def roster_of(events: Iterable[Event]) -> Roster:
    """The roster from de-duplicated directory events, in any order.

    Of changes at the same instant the one with the larger content stands. An account is active
    from its first event unless that says otherwise.
    """
    told = list(events)
    aliases = aliases_of(told)
    ordered = sorted(
        with_persons(told, aliases),
        key=lambda event: (event.occurred_at_ms, event.canonical_content()),
    )
    user_ids = sorted({event.user_id for event in ordered})
    number = {user_id: at for at, user_id in enumerate(user_ids)}
    changes: dict[str, list[tuple[int, int, str]]] = {}
    current: dict[tuple[int, str], str] = {}
    for event in ordered:
        user = number[event.user_id]
        for attribute, value in _stated(event, has_status=(user, ACCOUNT_STATUS) in current):
            if current.get((user, attribute)) != value:
                current[user, attribute] = value
                changes.setdefault(attribute, []).append((user, event.occurred_at_ms, value))
    histories = {name: _history(rows) for name, rows in sorted(changes.items())}
    return Roster(user_ids, histories, aliases)


def _stated(event: Event, *, has_status: bool) -> list[tuple[str, str]]:
    if event.action == USER_DEACTIVATED:
        return [(ACCOUNT_STATUS, INACTIVE)]
    stated: dict[str, str] = json.loads(event.context) if event.context else {}
    if not has_status:
        stated.setdefault(ACCOUNT_STATUS, ACTIVE)
    return sorted(stated.items())


def _history(rows: list[tuple[int, int, str]]) -> AttributeHistory:
    values = sorted({value for _, _, value in rows if value})
    number = {value: at for at, value in enumerate(values)}
    return AttributeHistory(
        values=values,
        user=np.array([user for user, _, _ in rows], np.int64),
        at_ms=np.array([at for _, at, _ in rows], np.int64),
        code=np.array([number.get(value, ABSENT) for _, _, value in rows], np.int64),
    )
