"""The proof of a window: what its days were counted from."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from shared.metrics.columns.blocks import BlockKind
from shared.metrics.columns.fold import FoldedDay
from shared.metrics.columns.people_blocks import read_anonymous, write_anonymous
from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.identities import united
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.evidence import DayRows, Evidence, evidence
from shared.metrics.engine import same_hours
from shared.metrics.engine.figure_requests import ProofRequest
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.question import Question
from shared.metrics.engine.snapshot import Snapshot
from shared.metrics.storage.manifests import Manifest


def proof(question: Question, request: ProofRequest) -> Evidence:
    """Answer with the proof of a window."""
    asked = question.asked(request)
    window, calendar = asked.window, question.data.calendar
    snapshot = question.snapshots.read(question.data, window)
    folds: dict[date, Manifest | FoldedDay] = {**snapshot.whole_manifests, **snapshot.live}
    end_ms = calendar.bounds(window.last).end_ms
    if request.same_hours_as_ms is not None:
        end_ms = same_hours.until_ms(question, window.last, request.same_hours_as_ms)
        folds[window.last] = same_hours.cut_day(
            question, snapshot, window.last, request.same_hours_as_ms
        )
    final_before = _final_before(question)
    return evidence(
        [_rows(folds.get(day), is_final=day < final_before) for day in window.days()],
        from_ms=calendar.start_ms(window.first),
        to_ms=end_ms,
        restatements=question.data.restatements.count(window.first, window.last),
        anonymous_ids=_anonymous_ids(snapshot, folds, window),
        no_data_sources=no_data_in(question, snapshot).sources(window),
        proof=question.proof(asked, window),
    )


def _final_before(question: Question) -> date:
    """The first day that late events may still change."""
    today = question.data.calendar.day_of(question.as_of_ms)
    return today - timedelta(days=question.data.settings.lateness_days)


def _rows(folded: Manifest | FoldedDay | None, *, is_final: bool) -> DayRows:
    """A day without any fold has had no events."""
    if folded is None:
        return DayRows(DEFINITION_VERSION, is_final)
    version = folded.definition_version if isinstance(folded, Manifest) else DEFINITION_VERSION
    apart = folded if isinstance(folded, Manifest) else folded.rollup
    return DayRows(
        definition_version=version,
        is_final=is_final,
        rows=folded.rows,
        duplicates=folded.duplicates,
        late=folded.late,
        unattributed_changes=apart.unattributed_changes,
        shadowed=apart.shadowed,
        anonymous_hits=_anonymous_hits(folded),
        rows_by_source=tuple(folded.rows_by_source.items()),
    )


def _anonymous_hits(folded: Manifest | FoldedDay) -> int:
    return folded.anonymous_hits if isinstance(folded, Manifest) else folded.anonymous.hits


def _anonymous_ids(
    snapshot: Snapshot, folds: Mapping[date, Manifest | FoldedDay], window: Window
) -> int:
    """How many browsers or devices of unknown people there were over all days."""
    days = {day: folded for day, folded in folds.items() if day in window}
    kind = BlockKind.ANONYMOUS
    attempts = {
        day.isoformat(): (manifest.attempt, manifest.parts[kind.value])
        for day, manifest in days.items()
        if isinstance(manifest, Manifest) and kind.value in manifest.parts
    }
    bodies = list(snapshot.data.blocks.read(kind, attempts).values())
    bodies += [
        write_anonymous(folded.anonymous.ids)
        for folded in days.values()
        if isinstance(folded, FoldedDay) and folded.anonymous.ids
    ]
    tables = [read_anonymous(body) for body in bodies]
    return len(np.unique(united(tables)))
