"""The proof of a window: what its days were counted from."""

from datetime import date, timedelta

from shared.metrics.columns.fold import FoldedDay
from shared.metrics.domain.definitions import DEFINITION_VERSION
from shared.metrics.domain.views.evidence import DayRows, Evidence, evidence
from shared.metrics.engine import same_hours
from shared.metrics.engine.figure_requests import ProofRequest
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.question import Question
from shared.metrics.storage.manifests import Manifest


def proof(question: Question, request: ProofRequest) -> Evidence:
    """Answer with the proof of a window."""
    asked = question.asked(request)
    window, calendar = asked.window, question.data.calendar
    snapshot = question.snapshots.read(question.data, window)
    folds: dict[date, Manifest | FoldedDay] = {**snapshot.manifests, **snapshot.live}
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
        rows_by_source=tuple(folded.rows_by_source.items()),
    )
