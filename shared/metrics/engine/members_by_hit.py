"""The members that only single hits tell: records, and the sessions that contain a selection."""

import numpy as np

from shared.metrics.columns.day_events import identities_of
from shared.metrics.domain.identities import NO_IDENTITIES, are_set, numbered
from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.member_pages import Found
from shared.metrics.domain.views.trends_answer import TrendsMeasure
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleFilter
from shared.metrics.engine.trend_events import EventTally, Hits, Layout, count_events, everything
from shared.metrics.engine.trend_period import read_sessions
from shared.metrics.engine.trend_usage import Usage

_ONE_POINT = (0,)
_SESSIONS = frozenset({TrendsMeasure.SESSIONS})


def records(reading: Reading, selection: FeatureSelection, window: Window) -> Found:
    """The records hit in a window of the span, with their hits."""
    usage = Usage(reading, window, selection)
    tally = _HitsByRecord(usage)
    count_events(
        usage,
        _ONE_POINT,
        [tally],
        begin=window.first,
        selected=everything(usage) >= 0,
        until_ms=None,
    )
    return tally.found()


def sessions_containing(
    question: Question, people: PeopleFilter, selection: FeatureSelection, window: Window
) -> Found:
    """The people whose sessions contain a selection, with how many of them do, each counted on the
    day on which it first occurs in it.
    """
    reading, begin = read_sessions(question, people, window)
    usage = Usage(reading, window, selection)
    everyone = reading.width
    of_everyone = np.broadcast_to(np.arange(everyone), (window.length, everyone))
    layout = Layout(everything(usage), everyone, of_everyone)
    tally = EventTally(layout, 1, everyone, _SESSIONS)
    selected = layout.slot_of_path >= 0
    count_events(usage, _ONE_POINT, [tally], begin=begin, selected=selected, until_ms=None)
    by_person = tally.tables()[0][TrendsMeasure.SESSIONS][:, 0]
    return Found.adding_up(reading.user_ids, by_person)


class _HitsByRecord(EventTally):
    """Counts hits by record."""

    def __init__(self, usage: Usage) -> None:
        self._snapshot = usage.reading.snapshot
        people = usage.reading.width
        super().__init__(Layout(everything(usage), 1), 1, people, frozenset())
        self._records = [NO_IDENTITIES]
        self._hits = [np.zeros(0, np.int64)]

    def add(self, hits: Hits) -> None:
        """Count a day."""
        record = hits.events.record
        if hits.counts is not None:
            record = record[hits.counts[hits.events.person]]
        identities = record.T
        identities = identities[:, are_set(identities)]
        number, place = numbered(identities)
        self._records.append(identities[:, place])
        self._hits.append(np.bincount(number, minlength=len(place)))

    def found(self) -> Found:
        """The records, by name."""
        names = list(dict.fromkeys(self._snapshot.names()))
        records = np.concatenate([*self._records, identities_of(names).T], axis=1)
        hits = np.concatenate([*self._hits, np.zeros(len(names), np.int64)])
        number, _ = numbered(records)
        by_record = np.bincount(number, hits).astype(np.int64)
        return Found.adding_up(names, by_record[number[len(number) - len(names) :]])
