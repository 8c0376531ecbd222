"""The funnel (definitions §4), from a history."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from shared.metrics.domain.events import Event
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import Proof
from shared.metrics.domain.views.funnel_answer import (
    FunnelAnswer,
    FunnelGroups,
    FunnelMember,
    FunnelMembersAnswer,
    FunnelState,
    FunnelSteps,
    FunnelUnit,
)
from shared.metrics.engine.funnel_request import (
    FunnelMembersRequest,
    FunnelQuestion,
    FunnelRequest,
)
from shared.metrics.engine.requests import AttributeValues, PeopleFilter
from tests.oracles import local_days, no_data, windows
from tests.oracles.counting import Counting
from tests.oracles.funnel_attempts import Best, Hit, best
from tests.oracles.history import History, is_hit

MOST_GROUPS = 50
OTHERS = "(other groups)"


@dataclass
class Told:
    """The hits of the days that attempts can reach into, of those who count: each with the steps
    that it can fill.
    """

    days: Window
    unit: FunnelUnit
    units: dict[str, list[tuple[Event, frozenset[int]]]]
    best: dict[str, Best]


def funnel(
    history: History, request: FunnelRequest, now_ms: int, proof: Proof, *, first_weekday: int = 0
) -> FunnelAnswer:
    """How many units get how far."""
    del first_weekday
    told = tell(history, request, now_ms)
    found = list(told.best.values())
    counts = counts_of(found, len(request.steps))
    drop_offs = [
        None if before == 0 else float(1 - Fraction(after, before))
        for before, after in pairwise(counts)
    ]
    states = Counter(state_of(one, request, now_ms) for one in found)
    known = [lost for lost in drop_offs if lost is not None]
    groups = grouped(history, request, now_ms, told) if request.group_by else None
    return FunnelAnswer(
        proof=proof,
        unit=told.unit,
        order=request.order,
        within_ms=request.within_ms,
        steps=FunnelSteps(
            counts=counts,
            shares=[ratio(count, counts[0]) for count in counts],
            drop_offs=[None, *drop_offs],
            median_ms=[
                quantile(to_step(found, step), Fraction(1, 2)) for step in range(len(counts))
            ],
            p90_ms=[quantile(to_step(found, step), Fraction(9, 10)) for step in range(len(counts))],
        ),
        converted=states[FunnelState.CONVERTED],
        dropped=states[FunnelState.DROPPED],
        in_progress=states[FunnelState.IN_PROGRESS],
        completion_rate=ratio(counts[-1], counts[0]),
        matured_rate=matured(found, request, now_ms),
        bottleneck_step=drop_offs.index(max(known)) + 2 if known else None,
        median_ms=quantile(to_step(found, len(counts) - 1), Fraction(1, 2)),
        p90_ms=quantile(to_step(found, len(counts) - 1), Fraction(9, 10)),
        groups=groups,
        is_backfilled=is_backfilled(history, request, now_ms, told),
        no_data_days=[
            day
            for day in windows.days(told.days)
            if any(
                no_data.is_missing(history, day, now_ms, each.selection) for each in request.steps
            )
        ],
    )


def funnel_members(
    history: History,
    request: FunnelMembersRequest,
    now_ms: int,
    proof: Proof,
    *,
    first_weekday: int = 0,
) -> FunnelMembersAnswer:
    """The units that got to a step."""
    del first_weekday
    told = tell(history, request, now_ms)
    members = []
    for unit in sorted(told.best):
        one = told.best[unit]
        depth, state = len(one.elapsed_ms), state_of(one, request, now_ms)
        if depth < request.step or (request.furthest and depth > request.step):
            continue
        if request.state not in (None, state):
            continue
        person = history.person(unit)
        name, email = person.latest("name"), person.latest("email")
        if told.unit is not FunnelUnit.USER:
            name, email = unit, None
        reached_ms = one.start_ms + one.elapsed_ms[-1]
        members.append(FunnelMember(unit, name, email, depth, state, one.start_ms, reached_ms))
    after = request.after
    rest = members if after is None else [each for each in members if each.id > after]
    return FunnelMembersAnswer(
        proof=proof,
        unit=told.unit,
        members=rest[: request.first],
        member_count=len(members),
        has_previous=len(rest) < len(members),
        has_next=len(rest) > request.first,
    )


def tell(history: History, request: FunnelQuestion[Any], now_ms: int) -> Told:
    """The units and their best attempts."""
    window, _ = windows.asked(
        request.window, history.zone, now_ms, include_today=request.include_today
    )
    starts_ms = local_days.day_start_ms(history.zone, window.first)
    ends_ms = local_days.day_bounds_ms(history.zone, window.last)[1]
    last = history.day_of(now_ms)
    if request.within_ms is not None:
        last = min(last, history.day_of(ends_ms - 1 + request.within_ms))
    last = max(last, window.last)
    counts = Counting(history, request.people, now_ms, {}).counts
    hits = []
    for event in history.usage:
        day = history.day_of(event.occurred_at_ms)
        if is_hit(event) and window.first <= day <= last and counts(event.user_id, day):
            fills = frozenset(
                number
                for number, step in enumerate(request.steps)
                if covers(step.selection, event)
                and matches(history, step.people, event.user_id, day, now_ms)
            )
            hits.append((event, fills))
    unit = request.unit or default_unit(event for event, fills in hits if fills)
    units = defaultdict(list)
    for event, fills in hits:
        if unit_of(event, unit):
            units[unit_of(event, unit)].append((event, fills))
    found = {
        name: best(
            [
                Hit(event.occurred_at_ms, fills, starts_ms <= event.occurred_at_ms < ends_ms)
                for event, fills in of_unit
            ],
            len(request.steps),
            request.order,
            request.within_ms,
        )
        for name, of_unit in units.items()
    }
    days = Window(window.first, last)
    return Told(days, unit, units, {name: one for name, one in found.items() if one})


def default_unit(events: Iterable[Event]) -> FunnelUnit:
    """Records, if there are hits and every one has a record."""
    records = [event.record_id for event in events]
    return FunnelUnit.RECORD if records and all(records) else FunnelUnit.USER


def unit_of(event: Event, unit: FunnelUnit) -> str:
    """The unit that a hit belongs to; empty for none."""
    if unit is FunnelUnit.USER:
        return event.user_id
    return event.record_id if unit is FunnelUnit.RECORD else event.account_id


def covers(selection: Any, event: Event) -> bool:  # noqa: ANN401 - the selection of a request
    """Whether a hit is of a selection of features and parts of them."""
    wanted = (selection.feature, selection.property, selection.attribute, selection.action)
    given = (event.feature, event.property, event.attribute, event.action)
    assert selection.category is None
    return all(part in (None, value) for part, value in zip(wanted, given, strict=True))


def matches(history: History, people: PeopleFilter, user_id: str, day: date, now_ms: int) -> bool:
    """Whether a person matches a filter on a day."""
    is_current = people.attribute_values is AttributeValues.CURRENT
    at_ms = now_ms if is_current else local_days.day_bounds_ms(history.zone, day)[1]
    person = history.person(user_id)
    return all(
        person.value(attribute, at_ms) in values
        for attribute, values in people.conditions().items()
    )


def state_of(one: Best, request: FunnelQuestion[Any], now_ms: int) -> FunnelState:
    """All steps are done, or the time for them is over, or it is not."""
    if len(one.elapsed_ms) == len(request.steps):
        return FunnelState.CONVERTED
    if request.within_ms is not None and now_ms - one.start_ms > request.within_ms:
        return FunnelState.DROPPED
    return FunnelState.IN_PROGRESS


def counts_of(found: list[Best], steps: int) -> list[int]:
    """How many got to each step."""
    return [sum(len(one.elapsed_ms) > step for one in found) for step in range(steps)]


def to_step(found: list[Best], step: int) -> list[int]:
    """The times from the start to a step."""
    return sorted(one.elapsed_ms[step] for one in found if len(one.elapsed_ms) > step)


def matured(found: list[Best], request: FunnelQuestion[Any], now_ms: int) -> float | None:
    """Those who converted, of those whose time is over or who converted."""
    if request.within_ms is None:
        return None
    states = Counter(state_of(one, request, now_ms) for one in found)
    over = states[FunnelState.CONVERTED] + states[FunnelState.DROPPED]
    return ratio(states[FunnelState.CONVERTED], over)


def grouped(history: History, request: FunnelRequest, now_ms: int, told: Told) -> FunnelGroups:
    """The same by the group of whoever started."""
    assert request.group_by is not None
    members: dict[str, list[Best]] = defaultdict(list)
    for name, one in told.best.items():
        user_id = starter(told, name, request)
        members[value_on(history, request, user_id, one.start_ms, now_ms)].append(one)
    names = sorted(members, key=lambda name: (-len(members[name]), name))
    if has_others := len(names) > MOST_GROUPS:
        members[OTHERS] = [one for name in names[MOST_GROUPS:] for one in members[name]]
        names = [*names[:MOST_GROUPS], OTHERS]
    groups = [members[name] for name in names]
    steps = len(request.steps)
    counts = [counts_of(group, steps) for group in groups]
    return FunnelGroups(
        names=names,
        counts=counts,
        completion_rates=[ratio(of_group[-1], of_group[0]) for of_group in counts],
        matured_rates=[matured(group, request, now_ms) for group in groups],
        median_ms=[quantile(to_step(group, steps - 1), Fraction(1, 2)) for group in groups],
        p90_ms=[quantile(to_step(group, steps - 1), Fraction(9, 10)) for group in groups],
        has_others=has_others,
    )


def starter(told: Told, unit: str, request: FunnelRequest) -> str:
    """Who made the hit that started the best attempt; of several, the first by user id."""
    first = {0} if request.order.value != "ANY" else set(range(len(request.steps)))
    return min(
        event.user_id
        for event, fills in told.units[unit]
        if event.occurred_at_ms == told.best[unit].start_ms and fills & first
    )


def value_on(
    history: History, request: FunnelRequest, user_id: str, at_ms: int, now_ms: int
) -> str:
    """The value that a person is grouped by."""
    assert request.group_by is not None
    if request.people.attribute_values is not AttributeValues.CURRENT:
        now_ms = local_days.day_bounds_ms(history.zone, history.day_of(at_ms))[1]
    return history.person(user_id).value(request.group_by.value, now_ms)


def is_backfilled(history: History, request: FunnelRequest, now_ms: int, told: Told) -> bool:
    """Whether anyone's group, or anyone who made a hit of a step, was told by a value that was not
    known then.
    """
    looked = [
        (event.user_id, history.day_of(event.occurred_at_ms), attribute, people)
        for people in (request.people, *(step.people for step in request.steps))
        for attribute in people.conditions()
        for hits in told.units.values()
        for event, fills in hits
        if fills
    ]
    if request.group_by:
        looked += [
            (
                starter(told, unit, request),
                history.day_of(one.start_ms),
                request.group_by.value,
                request.people,
            )
            for unit, one in told.best.items()
        ]
    for user_id, day, attribute, people in looked:
        is_current = people.attribute_values is AttributeValues.CURRENT
        at_ms = now_ms if is_current else local_days.day_bounds_ms(history.zone, day)[1]
        stated = history.person(user_id).stated.get(attribute, [])
        if stated and stated[0][1] and stated[0][0] >= at_ms:
            return True
    return False


def quantile(values: list[int], part: Fraction) -> int | None:
    """The value below which a part of them is, between two of them in proportion."""
    if not values:
        return None
    at = (len(values) - 1) * part
    lower = values[floor(at)]
    upper = values[min(floor(at) + 1, len(values) - 1)]
    return floor(lower + (upper - lower) * (at - floor(at)) + Fraction(1, 2))


def ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
