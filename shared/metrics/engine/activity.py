"""Activity: reads the days it needs, and lets the domain compute."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison, Window, compared_windows
from shared.metrics.domain.selection import EVERYTHING, FeatureSelection
from shared.metrics.domain.views import activity as domain
from shared.metrics.domain.views.activity import ActivityAnswer, ModuleOrder, Modules, Note
from shared.metrics.domain.views.figures import Period, figures
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.part_tables import rows_of, use_by_row
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import Request
from shared.metrics.engine.usage import check_known, hits_by_day_and_person

_MODULES = FeatureSelection(category=Category.MODULES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRequest(Request[ActivityAnswer]):
    """The five figures, hits per module, and the timeline of a selection with its annotations."""

    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    selection: FeatureSelection = EVERYTHING
    module_order: ModuleOrder = ModuleOrder.MOST_HITS


def activity(question: Question, request: ActivityRequest) -> ActivityAnswer:
    """Answer Activity."""
    asked = question.asked(request)
    window, compared = compared_windows(
        asked.window, request.comparison, is_partial=asked.is_partial
    )
    is_explicit = request.window is not None or request.preset is not None
    shown = domain.timeline_window(window, is_explicit=is_explicit)
    span = Window(min(compared.first, shown.first), window.last)
    reading = question.read(span, request.people)
    check_known(reading, request.selection, "selection")
    no_data = no_data_in(question, reading.snapshot)
    earlier = reading
    if asked.is_partial:
        earlier = question.until_same_time(reading, compared.last)
    hits = _hits_by_day(reading, request.selection)[reading.table.rows(shown)]
    missing = no_data.days(shown, request.selection)
    covered = ~missing
    covered[-1] &= not asked.is_partial
    return ActivityAnswer(
        proof=question.proof(asked, window),
        compared=compared,
        figures=figures(
            Period(window, reading.table, reading.roster_size(window), no_data.days(window)),
            Period(compared, earlier.table, earlier.roster_size(compared), no_data.days(compared)),
        ),
        modules=_modules(reading, shown, request),
        timeline=domain.timeline(shown, hits, covered, missing),
        notes=domain.note_effects(_notes(question), shown, hits, covered),
    )


def _hits_by_day(reading: Reading, selection: FeatureSelection) -> NDArray[np.int64]:
    if selection.is_everything():
        return reading.table.hits_by_day
    hits: NDArray[np.int64] = hits_by_day_and_person(reading, selection).sum(axis=1)
    return hits


def _modules(reading: Reading, window: Window, request: ActivityRequest) -> Modules:
    names = reading.snapshot.data.catalogue.of_category(Category.MODULES)
    rows = rows_of(reading, _MODULES, Part.FEATURE, also=names)
    if reading.mask is None:
        hits = np.zeros(len(rows.names), np.int64)
        selected = np.flatnonzero(rows.row_of >= 0)
        hits[rows.row_of[selected]] = reading.snapshot.hits_by_feature(window)[selected]
    else:
        hits = use_by_row(reading, rows, window).hits
    return domain.modules(rows.names, hits, request.module_order)


def _notes(question: Question) -> list[Note]:
    return [
        Note(saved.id, saved.day, saved.text, saved.category)
        for saved in question.data.library.annotations.all()
    ]
