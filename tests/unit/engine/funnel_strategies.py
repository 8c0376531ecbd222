"""Random funnels to ask for."""

from hypothesis import strategies as st

from shared.metrics.domain.periods import Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.funnel_answer import FunnelState, FunnelUnit, StepOrder
from shared.metrics.engine.funnel_request import (
    FunnelMembersRequest,
    FunnelRequest,
    FunnelStep,
)
from shared.metrics.engine.requests import EVERYONE, PeopleAttribute, PeopleFilter
from tests.builders import DAY_MS, HOUR_MS

TENANT = "acme"
SELECTIONS = (
    FeatureSelection(feature="Leads"),
    FeatureSelection(feature="Leads", property="Views"),
    FeatureSelection(feature="Deals"),
    FeatureSelection(property="Views"),
    FeatureSelection(feature="Deals", property="Views"),
)
"""Some have hits in common. All are in the catalogue."""

WINDOWS_MS = (1, HOUR_MS, DAY_MS, 2 * DAY_MS, 30 * DAY_MS)


@st.composite
def steps(draw: st.DrawFn, filters: st.SearchStrategy[PeopleFilter]) -> tuple[FunnelStep, ...]:
    """Two to four steps, sometimes with a filter."""
    people: st.SearchStrategy[PeopleFilter] = st.just(EVERYONE)
    if draw(st.integers(0, 3)) == 0:
        people = people | filters
    step = st.builds(FunnelStep, st.sampled_from(SELECTIONS), people)
    return tuple(draw(st.lists(step, min_size=2, max_size=4)))


@st.composite
def funnel_requests(
    draw: st.DrawFn,
    window: Window | None,
    people: PeopleFilter,
    filters: st.SearchStrategy[PeopleFilter],
    *,
    include_today: bool,
) -> FunnelRequest:
    """Any funnel."""
    return FunnelRequest(
        tenant=TENANT,
        window=window,
        people=people,
        include_today=include_today,
        steps=draw(steps(filters)),
        unit=draw(st.none() | st.sampled_from(FunnelUnit)),
        order=draw(st.sampled_from(StepOrder)),
        within_ms=draw(st.none() | st.sampled_from(WINDOWS_MS)),
        group_by=draw(st.none() | st.sampled_from(PeopleAttribute)),
    )


@st.composite
def funnel_members_requests(
    draw: st.DrawFn,
    window: Window | None,
    people: PeopleFilter,
    filters: st.SearchStrategy[PeopleFilter],
    *,
    include_today: bool,
) -> FunnelMembersRequest:
    """A page of the units at a step of any funnel."""
    about = draw(funnel_requests(window, people, filters, include_today=include_today))
    return FunnelMembersRequest(
        tenant=TENANT,
        window=window,
        people=people,
        include_today=include_today,
        steps=about.steps,
        unit=about.unit,
        order=about.order,
        within_ms=about.within_ms,
        step=draw(st.integers(1, len(about.steps))),
        state=draw(st.none() | st.sampled_from(FunnelState)),
        furthest=draw(st.booleans()),
        first=draw(st.sampled_from([1, 2, 50])),
        after=draw(st.sampled_from([None, None, "", "ann", "r1"])),
    )
