"""When people were last seen, at any time up to the instant of asking (definitions §4)."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.domain.conditions import Comparator, Condition, ConditionMetric
from shared.metrics.domain.periods import Window
from shared.metrics.engine.firsts import first_active_days
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.numbering import renumbered
from shared.metrics.engine.presence import Part
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading

_DAY_MS: Final = 86_400_000
_LONG_AGO: Final = frozenset({Comparator.GREATER_THAN, Comparator.AT_LEAST})


class LastSeen:
    """How many days of 24 hours ago the people of a reading were last seen, exact as far back as
    some conditions look.

    It is the person's latest login or hit whatever the range and filter of a question; only what
    they did as an integration does not count.
    """

    def __init__(
        self, question: Question, reading: Reading, conditions: Sequence[Condition]
    ) -> None:
        """Read no more than the conditions need."""
        bounds = [each.threshold for each in conditions if _is_about(each)]
        self._days = max((bound.largest for bound in bounds), default=0.0)
        self._needs_ever = any(bound.comparator in _LONG_AGO for bound in bounds)
        self._question = question
        self._reading = reading

    @cached_property
    def days_ago(self) -> NDArray[np.float64]:
        """By person: inf for longer ago than any condition looks, nan for never."""
        recent = self._recent_ms()
        ago = (self._question.as_of_ms - recent) / _DAY_MS
        unseen = recent == 0
        ago[unseen] = np.inf if self._needs_ever else np.nan
        if self._needs_ever:
            ago[unseen & self.never] = np.nan
        return ago

    @cached_property
    def never(self) -> Mask:
        """Who was never seen."""
        question = self._question
        today = question.data.calendar.day_of(question.as_of_ms)
        firsts = first_active_days(question, today)
        first = renumbered(firsts.day, firsts.user_ids, self._reading.user_ids, 0)
        never: Mask = first == 0
        return never

    def _recent_ms(self) -> NDArray[np.int64]:
        """The latest login or hit since the earliest instant that a condition looks at."""
        question, calendar = self._question, self._question.data.calendar
        today = calendar.day_of(question.as_of_ms)
        first = calendar.day_of(question.as_of_ms - int(self._days * _DAY_MS) - 1)
        reading = question.read(Window(min(first, today), today))
        latest_ms = last_times_ms(Part(reading), "last_seen")
        return renumbered(latest_ms, reading.user_ids, self._reading.user_ids, 0)


def last_times_ms(part: Part, column: str) -> NDArray[np.int64]:
    """By person the latest `last_seen` or `last_login` of the days of a part of a reading that
    count, in milliseconds UTC; 0 for none.
    """
    since_start = part.counted(BlockKind.TIME, column, np.uint32)
    calendar = part.reading.snapshot.data.calendar
    latest_ms = np.zeros(since_start.shape[1], np.int64)
    for day, times in zip((part.window or part.reading.span).days(), since_start, strict=True):
        # Days come in order, so any time of this day is later than all before.
        np.add(times, np.int64(calendar.start_ms(day) - 1), out=latest_ms, where=times > 0)
    return latest_ms


def _is_about(condition: Condition) -> bool:
    return condition.metric is ConditionMetric.LAST_SEEN
