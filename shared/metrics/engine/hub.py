"""The hub: reads the days it needs, and lets the domain compute."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.buckets import check_edges
from shared.metrics.domain.errors import BadInputError
from shared.metrics.domain.no_data import NoData
from shared.metrics.domain.parts import Part, catalogued_names, category_of_row
from shared.metrics.domain.periods import Window, compared_windows
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views import hub_figures as domain
from shared.metrics.domain.views.hub import (
    FrequencyAnswer,
    FrequencyByFeatureAnswer,
    FrequencyGroups,
    PopularityAnswer,
    Unit,
)
from shared.metrics.engine.hub_groups import hits_by_group, window_groups
from shared.metrics.engine.hub_requests import (
    FrequencyByFeatureRequest,
    FrequencyRequest,
    PopularityRequest,
)
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.part_tables import (
    Rows,
    hits_by_row_and_person,
    rows_of,
    use_by_row,
    uses_by_row,
)
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleAttribute
from shared.metrics.engine.same_hours import cut_reading
from shared.metrics.engine.usage import check_known, hits_by_person


def popularity(question: Question, request: PopularityRequest) -> PopularityAnswer:
    """Answer Popularity."""
    asked = question.asked(request)
    window, compared = compared_windows(
        asked.window, request.comparison, is_partial=asked.is_partial
    )
    span = Window(min(window.first, compared.first), window.last)
    reading = earlier = question.read(span, request.people)
    check_known(reading, request.selection, "selection")
    no_data = no_data_in(question, reading.snapshot)
    if asked.is_partial:
        earlier = cut_reading(question, reading, compared.last, question.as_of_ms)
    catalogue = question.data.catalogue
    kept: set[str] = set()
    if request.with_unused:
        kept = catalogued_names(request.part, request.selection, catalogue)
    rows = rows_of(reading, request.selection, request.part, also=kept)
    if earlier is reading:
        now, then = uses_by_row(reading, rows, [window, compared])
    else:
        now, then = use_by_row(reading, rows, window), use_by_row(earlier, rows, compared)
    return domain.popularity(
        rows.names,
        [category_of_row(request.part, name, catalogue) for name in rows.names],
        domain.Use(window, *now, _complete_rows(no_data, request, rows.names, window)),
        domain.Use(compared, *then, _complete_rows(no_data, request, rows.names, compared)),
        grouped=_grouped_use(reading, rows, window, request.group_by),
        kept=kept,
        top=request.top,
        proof=question.proof(asked, window),
    )


def _complete_rows(
    no_data: NoData, request: PopularityRequest, names: Sequence[str], window: Window
) -> NDArray[np.bool_]:
    """Of which rows no hits of a window may be missing, on days without data. Which properties of
    a feature a source feeds is not known: it may feed all.
    """
    missing = no_data.features_missing(window)
    if not missing:
        return np.full(len(names), missing is not None)
    catalogue = no_data.catalogue
    covers = request.selection.covers_feature
    touched = [feature for feature in missing if covers(feature, catalogue)]
    if not request.part.is_of_features():
        return np.full(len(names), not touched)
    rows = {request.part.name_in((feature, "", "", ""), catalogue) for feature in touched}
    return np.array([name not in rows for name in names], bool)


def frequency(question: Question, request: FrequencyRequest) -> FrequencyAnswer:
    """Answer Frequency."""
    _check_zero(request)
    asked = question.asked(request)
    edges = _edges(question, request.edges)
    reading = question.read(asked.window, request.people)
    check_known(reading, request.selection, "selection")
    without = None
    hits: NDArray[np.integer[Any]]
    if request.unit is Unit.PAIRS:
        rows = rows_of(reading, request.selection, Part.FEATURE)
        hits = hits_by_row_and_person(reading, rows, asked.window)
    else:
        hits = selected_hits(reading, request.selection, asked.window)
        if request.with_zero:
            without = reading.roster_size(asked.window) - int(np.count_nonzero(hits))
    return domain.frequency(
        hits,
        edges,
        without=without,
        groups=_frequency_groups(reading, request, asked.window, edges),
        no_data_days=no_data_in(question, reading.snapshot).dates(asked.window, request.selection),
        proof=question.proof(asked, asked.window),
    )


def _check_zero(request: FrequencyRequest) -> None:
    """BadInputError where a bucket of 0 hits is of no meaning."""
    for is_asked, which in (
        (request.unit is Unit.PAIRS, "of pairs"),
        (request.group_by is not None, "in groups"),
    ):
        if request.with_zero and is_asked:
            message = f"{which} only those with a hit are counted; leave out includeZero"
            raise BadInputError(message, field="includeZero")


def frequency_by_feature(
    question: Question, request: FrequencyByFeatureRequest
) -> FrequencyByFeatureAnswer:
    """Answer Frequency of every feature."""
    asked = question.asked(request)
    edges = _edges(question, request.edges)
    reading = question.read(asked.window, request.people)
    check_known(reading, request.selection, "selection")
    rows = rows_of(reading, request.selection, Part.FEATURE)
    return domain.frequency_by_feature(
        rows.names,
        hits_by_row_and_person(reading, rows, asked.window),
        edges,
        roster=reading.roster_size(asked.window) if request.with_zero else None,
        missing=no_data_in(question, reading.snapshot).features_missing(asked.window),
        proof=question.proof(asked, asked.window),
    )


def selected_hits(
    reading: Reading, selection: FeatureSelection, window: Window
) -> NDArray[np.int64]:
    """Hits of the selection by person over a window of the span."""
    if selection.is_everything():
        return reading.table.hits_by_person(window)
    return hits_by_person(reading, selection, window)


def _grouped_use(
    reading: Reading, rows: Rows, window: Window, attribute: PeopleAttribute | None
) -> domain.GroupedUse | None:
    if attribute is None:
        return None
    groups = window_groups(reading, window, attribute)
    table = hits_by_group(reading, rows, window, groups)
    people = np.zeros((groups.count, len(rows.names)), np.int64)
    hits = np.zeros_like(people)
    for group in range(groups.count):
        of_group = table.of_group(group)
        people[group] = np.count_nonzero(of_group, axis=1)
        hits[group] = of_group.sum(axis=1, dtype=np.int64)
    return domain.GroupedUse(groups.names, people, hits)


def _frequency_groups(
    reading: Reading, request: FrequencyRequest, window: Window, edges: Sequence[int]
) -> FrequencyGroups | None:
    if request.group_by is None:
        return None
    groups = window_groups(reading, window, request.group_by)
    rows = rows_of(reading, request.selection, Part.FEATURE)
    if request.unit is Unit.PEOPLE:
        rows = rows.together()
    table = hits_by_group(reading, rows, window, groups)
    active = int(np.count_nonzero(reading.table.active(window)))
    return FrequencyGroups(
        groups=groups.names,
        counts=[
            domain.bucket_counts(table.of_group(group), edges) for group in range(groups.count)
        ],
        overlaps=sum(groups.names.active_users) > active,
    )


def _edges(question: Question, edges: Sequence[int] | None) -> tuple[int, ...]:
    return question.data.settings.bucket_edges if edges is None else check_edges(edges, "edges")
