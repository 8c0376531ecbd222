"""Saved segments as filters: whoever is a member when a question is asked counts, on all days."""

from typing import Final

from shared.metrics.domain.roles import Role, Viewer
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.numbering import renumbered
from shared.metrics.engine.people_selection import matching, values_of
from shared.metrics.engine.question import Question
from shared.metrics.engine.segment_definition import (
    SegmentDefinition,
    check_within,
    read_definition,
)

_ANYONE: Final = Viewer("", Role.ADMIN)
"""Whoever may see a segment may use it, whatever it is made of; who that is, is asked before."""


def members(
    question: Question, segment_id: str, user_ids: list[str], within: tuple[str, ...] = ()
) -> Mask:
    """Who of these people is a member. NotFoundError if there is no such segment; `within` are the
    segments whose filter leads to it, the outermost first.
    """
    check_within(segment_id, within)
    definition = _definition(question, segment_id)
    request = definition.request(question.data.settings.name)
    values = values_of(
        question,
        question.asked(request),
        request.comparison,
        request.people,
        within=(*within, segment_id),
    )
    found = matching(values, request.conditions)
    return renumbered(found, values.reading.user_ids, user_ids, absent=False)


def _definition(question: Question, segment_id: str) -> SegmentDefinition:
    segment = question.data.library.segments.get(segment_id, _ANYONE)
    return read_definition(segment.definition)
