"""What the directory has stated of one person."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

import numpy as np

from shared.metrics.domain.roster import Roster
from shared.metrics.domain.views.person import PersonAttributes

MOST_CHANGES: Final = 100
"""The latest of each attribute that are answered."""


@dataclass(frozen=True, slots=True)
class StatedOfPerson:
    """The changes of each attribute, in order of time: since when (milliseconds UTC), and the
    value, None for none.
    """

    changes: dict[str, list[tuple[int, str | None]]]
    as_of_ms: int

    @staticmethod
    def of(roster: Roster, user_id: str, as_of_ms: int) -> "StatedOfPerson":
        """What is known of a person, who may be none of the directory's."""
        at = bisect_left(roster.user_ids, user_id)
        if at == len(roster.user_ids) or roster.user_ids[at] != user_id:
            return StatedOfPerson({}, as_of_ms)
        changes = {}
        for name, history in sorted(roster.attributes.items()):
            own = np.flatnonzero(history.user == at)
            if len(own):
                since_ms, codes = history.at_ms[own].tolist(), history.code[own].tolist()
                values = [history.value(code) for code in codes]
                changes[name] = list(zip(since_ms, values, strict=True))
        return StatedOfPerson(changes, as_of_ms)

    def current(self, attribute: str) -> str | None:
        """The value just before the instant of asking; before the first known one, that one."""
        changes = self.changes.get(attribute)
        if not changes:
            return None
        known = [value for since_ms, value in changes if since_ms < self.as_of_ms]
        return known[-1] if known else changes[0][1]

    def all(self) -> PersonAttributes:
        """Everything, by attribute, then by time."""
        rows = [
            (name, value, since_ms)
            for name, changes in self.changes.items()
            for since_ms, value in changes[-MOST_CHANGES:]
        ]
        return PersonAttributes(
            names=[name for name, _, _ in rows],
            values=[value for _, value, _ in rows],
            since_ms=[since_ms for _, _, since_ms in rows],
        )
