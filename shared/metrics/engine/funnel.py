"""The funnel: reads the hits it needs, and lets the domain compute."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from shared.metrics.columns.day_events import identities_of
from shared.metrics.domain.identities import NOT_THERE, places_among
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views import funnel as domain
from shared.metrics.domain.views.answers import Finality, Proof
from shared.metrics.domain.views.funnel import STATES, Outcome, UnitGroups
from shared.metrics.domain.views.funnel_answer import (
    FunnelAnswer,
    FunnelMember,
    FunnelMembersAnswer,
    FunnelUnit,
    StepOrder,
)
from shared.metrics.domain.views.funnel_attempts import best_attempts
from shared.metrics.domain.views.funnel_step_hits import FunnelRules
from shared.metrics.engine.funnel_hits import Entered, FunnelHits
from shared.metrics.engine.funnel_request import (
    FunnelMembersRequest,
    FunnelQuestion,
    FunnelRequest,
    check_funnel,
)
from shared.metrics.engine.groups import filter_is_backfilled, groups_of
from shared.metrics.engine.masks import Mask
from shared.metrics.engine.no_data import no_data_in
from shared.metrics.engine.question import Question
from shared.metrics.engine.reading import Reading
from shared.metrics.engine.requests import PeopleAttribute
from shared.metrics.engine.windows import Asked


@dataclass(frozen=True, slots=True)
class _Found:
    """The units of a funnel and how they have fared."""

    reading: Reading
    hits: FunnelHits
    rules: FunnelRules
    entered: Entered
    outcome: Outcome
    proof: Proof


def funnel(question: Question, request: FunnelRequest) -> FunnelAnswer:
    """Answer the funnel."""
    found = _found(question, request)
    is_backfilled = _filters_are_backfilled(found, request)
    groups = None
    if request.group_by is not None:
        groups, known_later = _groups(found, request.group_by)
        is_backfilled |= known_later
    snapshot = found.reading.snapshot
    selections = {step.selection for step in request.steps}
    return domain.funnel(
        found.outcome,
        groups,
        unit=found.entered.units.unit,
        order=request.order,
        within_ms=request.within_ms,
        proof=found.proof,
        is_backfilled=is_backfilled,
        no_data_days=no_data_in(question, snapshot).dates(snapshot.span, *selections),
    )


def funnel_members(question: Question, request: FunnelMembersRequest) -> FunnelMembersAnswer:
    """Answer with a page of the units that got to a step."""
    found = _found(question, request)
    outcome = found.outcome
    wanted = outcome.depth >= request.step
    if request.furthest:
        wanted = outcome.depth == request.step
    if request.state is not None:
        wanted &= outcome.state == STATES.index(request.state)
    ids = _names(found)
    numbers = sorted(np.flatnonzero(wanted).tolist(), key=ids.__getitem__)
    start = 0
    if request.after is not None:
        start = bisect_right(numbers, request.after, key=ids.__getitem__)
    reached_ms = outcome.reached_ms
    members = []
    for number in numbers[start : start + request.first]:
        described: tuple[str | None, str | None] = (ids[number], None)
        if found.entered.units.unit is FunnelUnit.USER:
            described = found.reading.described(ids[number])
        members.append(
            FunnelMember(
                ids[number],
                *described,
                step=int(outcome.depth[number]),
                state=STATES[int(outcome.state[number])],
                started_ms=int(outcome.attempts.start_ms[number]),
                reached_ms=int(reached_ms[number]),
            )
        )
    return FunnelMembersAnswer(
        proof=found.proof,
        unit=found.entered.units.unit,
        members=members,
        member_count=len(numbers),
        has_previous=start > 0,
        has_next=start + request.first < len(numbers),
    )


def _found(question: Question, request: FunnelQuestion[Any]) -> _Found:
    check_funnel(request)
    asked = question.asked(request)
    span = _span(question, asked, request.within_ms)
    reading = question.read(span, request.people)
    hits = FunnelHits(question, request, reading)
    calendar = question.data.calendar
    rules = FunnelRules(
        steps=len(request.steps),
        order=request.order,
        within_ms=request.within_ms,
        from_ms=calendar.start_ms(asked.window.first),
        to_ms=calendar.bounds(asked.window.last).end_ms,
    )
    entered = hits.entered(rules)
    between = hits.between(entered.units) if request.order is StepOrder.STRICT else []
    attempts = best_attempts([*entered.hits, *between], rules, len(entered.units))
    # Until the window of the last day's attempts is over, late hits may still change the answer.
    proof = question.proof(asked, asked.window)
    if question.proof(asked, span).finality is Finality.PROVISIONAL:
        proof = replace(proof, finality=Finality.PROVISIONAL)
    outcome = Outcome.of(attempts, request.within_ms, question.as_of_ms)
    return _Found(reading, hits, rules, entered, outcome, proof)


def _span(question: Question, asked: Asked, within_ms: int | None) -> Window:
    """The range, and the days after it that attempts may reach into."""
    calendar = question.data.calendar
    last = asked.today
    if within_ms is not None:
        end_ms = calendar.bounds(asked.window.last).end_ms
        last = min(last, calendar.day_of(end_ms - 1 + within_ms))
    return Window(asked.window.first, max(asked.window.last, last))


def _filters_are_backfilled(found: _Found, request: FunnelQuestion[Any]) -> bool:
    """Whether a hit of a step counts by a value that was known only later."""
    filters = {request.people, *(step.people for step in request.steps)}
    filters = {people for people in filters if people.conditions()}
    if not filters:
        return False
    snapshot, as_of_ms = found.reading.snapshot, found.reading.as_of_ms
    present = _nobody(found.reading)
    for part, person in zip(found.entered.hits, found.entered.person, strict=True):
        present[found.hits.rows(part.times_ms), person] = True
    return any(
        filter_is_backfilled(Reading(snapshot, people, as_of_ms, None, None), present)
        for people in filters
    )


def _groups(found: _Found, attribute: PeopleAttribute) -> tuple[UnitGroups, bool]:
    """The group of each unit: of whoever started its best attempt, on that day. Of several who did
    so in the same millisecond, the first by user id. And whether one of them was told by a value
    that was known only later.
    """
    reading, start_ms = found.reading, found.outcome.attempts.start_ms
    user_ids = reading.user_ids
    by_id = np.array(sorted(range(len(user_ids)), key=user_ids.__getitem__), np.int64)
    place = np.empty_like(by_id)
    place[by_id] = np.arange(len(by_id))
    first = np.full(len(start_ms), len(user_ids), np.int64)
    for part, person in zip(found.entered.hits, found.entered.person, strict=True):
        if part.steps & found.rules.entry_steps:
            unit = part.unit
            at = np.flatnonzero(unit != NOT_THERE)
            at = at[part.times_ms[at] == start_ms[unit[at]]]
            np.minimum.at(first, unit[at], place[person[at]])
    row, starter = found.hits.rows(start_ms), by_id[first]
    # Without a window the reading goes on to today: groups on all these days would be much to hold.
    of_range = reading.of_days(found.proof.window)
    groups = groups_of(of_range, attribute)
    present = _nobody(of_range)
    present[row, starter] = True
    return UnitGroups(groups.names, groups.code[row, starter]), groups.is_backfilled(present)


def _nobody(reading: Reading) -> Mask:
    return np.zeros((reading.span.length, len(reading.user_ids)), bool)


def _names(found: _Found) -> Sequence[str]:
    """The id of each unit."""
    units = found.entered.units
    if units.unit is FunnelUnit.USER:
        user_ids = found.reading.user_ids
        return [user_ids[person] for person in units.at.tolist()]
    names = list(dict.fromkeys(found.reading.snapshot.names()))
    place = places_among(units.identities(), identities_of(names).T)
    of_unit = [""] * len(units)
    for at in np.flatnonzero(place != NOT_THERE).tolist():
        of_unit[place[at]] = names[at]
    return of_unit
