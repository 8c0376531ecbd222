"""The first and the last day of each person in all of a tenant's history up to a day.

Read from the days themselves, whatever a filter says; days on which someone was an integration are
left out. Days are ordinals (`date.toordinal`), 0 for none.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.engine.numbering import renumbered
from shared.metrics.engine.presence import Part
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.usage import hits_by_day


@dataclass(frozen=True, slots=True)
class Firsts:
    """The first day of each of some people, who need not be in any reading of fewer days."""

    user_ids: list[str]
    day: NDArray[np.int64]


def first_active_days(question: Question, last: date) -> Firsts:
    """The day of the first login or hit ever of everyone, up to a day."""
    history = question.history(last)
    return Firsts(history.user_ids, _first(history))


def first_active_day(question: Question, reading: Reading) -> NDArray[np.int64]:
    """The same by person number of a reading, up to the end of its span."""
    firsts = first_active_days(question, reading.span.last)
    return renumbered(firsts.day, firsts.user_ids, reading.user_ids, 0)


def first_use_day(
    question: Question, reading: Reading, selection: FeatureSelection
) -> NDArray[np.int64]:
    """By person number of the reading, the day of the first hit ever of a selection."""
    history = question.history(reading.span.last)
    first = np.zeros(len(history.user_ids), np.int64)
    for day, by_person in hits_by_day(history, selection, history.span):
        used = by_person > 0
        here = first[: len(used)]
        here[used & (here == 0)] = day.toordinal()
    return renumbered(first, history.user_ids, reading.user_ids, 0)


@dataclass(frozen=True, slots=True)
class ActiveDays:
    """Every day on which one person was active, or logged in; ordinals that ascend."""

    active: list[int]
    with_login: list[int]


def active_days(history: Reading, person: int) -> ActiveDays:
    """The days of a person, by number, of a history."""
    first = history.span.first.toordinal()
    present = Part(history).active()[:, person]
    logins = history.snapshot.matrix(BlockKind.CORE, "logins", np.uint32)[:, person]
    with_login = np.flatnonzero(present & (logins > 0))
    return ActiveDays(
        active=(np.flatnonzero(present) + first).tolist(), with_login=(with_login + first).tolist()
    )


def _first(history: Reading) -> NDArray[np.int64]:
    first = np.zeros(len(history.user_ids), np.int64)
    ordinal = history.span.last.toordinal()
    for row in reversed(Part(history).active()):
        first[row] = ordinal
        ordinal -= 1
    return first
