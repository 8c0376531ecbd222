"""Sessions that contain something, followed over the days of random timelines."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.metrics.domain.views.contained_sessions import ContainedSessions

PEOPLE, SLOTS = 3, 2


@dataclass
class Day:
    """By person: the hits of each session of a day, as slots; whether the first session goes on
    from the day before.
    """

    sessions: list[list[list[int]]]
    carried: list[bool]


@st.composite
def days(draw: st.DrawFn) -> list[Day]:
    """Some days. A session goes on only from a day that had one."""
    found: list[Day] = []
    for _ in range(draw(st.integers(1, 5))):
        before = found[-1].sessions if found else [[] for _ in range(PEOPLE)]
        hits = st.lists(st.integers(0, SLOTS - 1), max_size=3)
        sessions = [draw(st.lists(hits, max_size=3)) for _ in range(PEOPLE)]
        carried = [
            bool(sessions[person] and before[person]) and draw(st.booleans())
            for person in range(PEOPLE)
        ]
        found.append(Day(sessions, carried))
    return found


def expected(timeline: list[Day]) -> list[set[tuple[int, int, int]]]:
    """For each day the (slot, person, session) that it first occurs in."""
    counted: list[set[tuple[int, int, int]]] = []
    open_slots: list[set[int]] = [set() for _ in range(PEOPLE)]
    for day in timeline:
        new = set()
        for person, sessions in enumerate(day.sessions):
            known: set[int] = set()
            for number, slots in enumerate(sessions):
                known = set(open_slots[person]) if number == 0 and day.carried[person] else set()
                new |= {(slot, person, number) for slot in slots if slot not in known}
                known |= set(slots)
            open_slots[person] = known
        counted.append(new)
    return counted


@given(days())
def test_a_slot_counts_once_a_session_on_the_day_it_first_occurs(timeline: list[Day]) -> None:
    contained = ContainedSessions(SLOTS, PEOPLE)
    for day, new in zip(timeline, expected(timeline), strict=True):
        hits = [
            (slot, person, number)
            for person, sessions in enumerate(day.sessions)
            for number, slots in enumerate(sessions)
            for slot in slots
        ]
        slot, person, session = np.array(hits, np.int64).reshape(-1, 3).T
        found = contained.add(
            slot,
            person,
            session,
            carried=np.array(day.carried, bool),
            last=np.array([len(sessions) - 1 for sessions in day.sessions], np.int64),
        )
        pairs = sorted(zip(*(column.tolist() for column in found), strict=True))
        assert pairs == sorted((slot, person) for slot, person, _ in new)
