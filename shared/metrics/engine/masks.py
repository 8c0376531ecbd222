"""Whom an answer counts: the filter of a request and the roster as days × people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.periods import LocalCalendar, Window
from shared.metrics.domain.roster import (
    ABSENT,
    ACCOUNT_STATUS,
    ACTIVE,
    IS_INTEGRATION,
    TRUE,
    AttributeHistory,
    Roster,
)
from shared.metrics.engine.requests import AttributeValues, PeopleFilter

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RosterIndex:
    """The roster by the person numbers of one answer. Instants are milliseconds UTC."""

    roster: Roster
    number: NDArray[np.int64]
    people: int

    def codes_at(self, history: AttributeHistory, instant_ms: int) -> NDArray[np.int64]:
        """The code of an attribute for every person just before an instant."""
        codes = np.full(self.people, ABSENT, np.int64)
        codes[self.number] = history.codes_at(instant_ms, len(self.roster.user_ids))
        return codes

    def having(self, attribute: str, values: Sequence[str], instant_ms: int) -> Mask:
        """Who has one of the values just before an instant."""
        history = self.roster.history(attribute)
        return history.matching(values)[self.codes_at(history, instant_ms)]

    def matching(self, conditions: Mapping[str, Sequence[str]], instant_ms: int) -> Mask:
        """Who satisfies all conditions just before an instant."""
        mask = np.ones(self.people, bool)
        for attribute, values in conditions.items():
            mask &= self.having(attribute, values, instant_ms)
        return mask

    def with_account(self, instant_ms: int) -> Mask:
        """Who has an active account just before an instant and is not an integration."""
        history = self.roster.history(ACCOUNT_STATUS)
        active = [value for value in history.values if value.casefold() == ACTIVE]
        mask = self.having(ACCOUNT_STATUS, active, instant_ms)
        return mask & ~self.having(IS_INTEGRATION, (TRUE,), instant_ms)

    def having_at(self, attribute: str, values: Sequence[str], instants_ms: Sequence[int]) -> Mask:
        """Instants, which ascend, × people: who has one of the values just before each."""
        history = self.roster.history(attribute)
        wanted = history.matching(values)
        mask = np.empty((len(instants_ms), self.people), bool)
        mask[0] = wanted[self.codes_at(history, instants_ms[0])]
        known = np.searchsorted(history.at_ms, instants_ms).tolist()
        for row in range(1, len(known)):
            mask[row] = mask[row - 1]
            changes = slice(known[row - 1], known[row])
            # Of repeated indices the last assignment stands, and the changes are in order of time.
            mask[row, self.number[history.user[changes]]] = wanted[history.code[changes]]
        return mask

    @property
    def has_integrations(self) -> bool:
        """Whether anyone in the roster is or was an integration."""
        return self.roster.has_integrations


@dataclass(frozen=True, slots=True)
class MembersFilter(PeopleFilter):
    """A filter by a segment whose members are known, by person number."""

    members: Mask | None = None

    @staticmethod
    def of(people: PeopleFilter, members: Mask) -> "MembersFilter":
        """The filter with the members of its segment."""
        given = {field.name: getattr(people, field.name) for field in fields(PeopleFilter)}
        return MembersFilter(**given, members=members)


def counted(
    index: RosterIndex,
    people: PeopleFilter,
    span: Window,
    calendar: LocalCalendar,
    as_of_ms: int,
) -> Mask | None:
    """Days × people: who counts on each day of a span. None: everyone on all days."""
    conditions = people.conditions()
    if not conditions and not index.has_integrations:
        return None
    ends_ms = [calendar.bounds(day).end_ms for day in span.days()]
    mask = np.ones((span.length, index.people), bool)
    if people.attribute_values is AttributeValues.CURRENT:
        mask &= index.matching(conditions, as_of_ms)
    else:
        for attribute, values in conditions.items():
            mask &= index.having_at(attribute, values, ends_ms)
    if index.has_integrations:
        mask &= ~index.having_at(IS_INTEGRATION, (TRUE,), ends_ms)
    return mask


def roster_members(
    index: RosterIndex,
    people: PeopleFilter,
    *,
    seen: Mask,
    active: Mask,
    end_ms: int,
    as_of_ms: int,
) -> Mask:
    """Who is in the roster of a window (definitions §2): an account active at its end, or active
    in it. Under a filter those of them who match at its end, or were active while matching.

    `seen` is who was active at all, `active` who was active while matching.
    """
    everyone = index.with_account(end_ms) | seen
    conditions = people.conditions()
    if conditions:
        current = people.attribute_values is AttributeValues.CURRENT
        everyone &= index.matching(conditions, as_of_ms if current else end_ms)
    if isinstance(people, MembersFilter) and people.members is not None:
        everyone &= people.members
    return everyone | active
