"""Sessions that contain something (definitions §4): counted on the day it first occurs in them."""

import numpy as np
from numpy.typing import NDArray


class ContainedSessions:
    """Takes days in order. A slot is what sessions may contain; people are by number.

    It remembers which sessions that were left open over midnight contain a slot already, so the
    first day it is given counts all its sessions: begin with days that are not wanted.
    """

    def __init__(self, slots: int, people: int) -> None:
        self._counted = np.zeros((slots, people), bool)

    def add(
        self,
        slot: NDArray[np.int64],
        person: NDArray[np.int64],
        session: NDArray[np.int64],
        *,
        carried: NDArray[np.bool_],
        last: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The slot and the person of every session in which a slot occurs first on this day.

        `slot`, `person` and `session` have one entry a hit; `session` is its number among its
        person's sessions of the day. By person: `carried` says whether number 0 was handed over by
        the day before, `last` is the largest number, -1 for none.
        """
        people = self._counted.shape[1]
        sessions = max(int(last.max(initial=0)), int(session.max(initial=0))) + 1
        found = np.unique((slot * people + person) * sessions + session)
        session, found = found % sessions, found // sessions
        slot, person = found // max(people, 1), found % max(people, 1)
        goes_on = carried[person] & (session == 0)
        is_new = ~(goes_on & self._counted[slot, person])
        # Only its last session of a day can be open after it; and one that lasted all day stays.
        stays = self._counted & (carried & (last == 0))
        is_last = session == last[person]
        stays[slot[is_last], person[is_last]] = True
        self._counted = stays
        return slot[is_new], person[is_new]
