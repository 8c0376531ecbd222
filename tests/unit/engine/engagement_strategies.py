"""Random questions about people: conditions, and how engaged they are."""

from hypothesis import strategies as st

from shared.metrics.domain.conditions import (
    Comparator,
    Condition,
    ConditionMetric,
    SessionTime,
    Threshold,
)
from shared.metrics.domain.periods import Comparison, Window
from shared.metrics.domain.selection import FeatureSelection
from shared.metrics.domain.views.people_answers import PersonSort, Position
from shared.metrics.engine.engagement_requests import (
    LifecycleRequest,
    RetentionRequest,
    Returning,
    StickinessRequest,
)
from shared.metrics.engine.requests import (
    Interval,
    PeopleAttribute,
    PeopleFilter,
    UserAnalyticsRequest,
)
from tests.unit.domain.strategies import USERS

OF_FEATURES = (ConditionMetric.FEATURE_USED, ConditionMetric.FEATURE_NOT_USED)
VALUES = (0, 0.5, 1, 2, 3, 15, 28, 50, 100)

SELECTIONS = st.sampled_from(
    [
        FeatureSelection(),
        FeatureSelection(feature="Leads"),
        FeatureSelection(feature="Cases"),
        FeatureSelection(feature="Leads", property="Views"),
        FeatureSelection(property="Views"),
        FeatureSelection(feature="ALL_MODULES"),
    ]
)


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold:
    """Any comparison with a value that is often met."""
    comparator = draw(st.sampled_from(Comparator))
    value = draw(st.sampled_from(VALUES))
    if comparator is Comparator.BETWEEN:
        return Threshold(comparator, value, value + draw(st.sampled_from(VALUES)))
    return Threshold(comparator, value)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Any condition."""
    metric = draw(st.sampled_from(ConditionMetric))
    return Condition(
        metric=metric,
        threshold=draw(thresholds()),
        session_time=draw(st.sampled_from(SessionTime)),
        selection=draw(SELECTIONS) if metric in OF_FEATURES else None,
    )


def user_analytics_requests(
    tenant: str, window: Window | None, people: PeopleFilter, *, include_today: bool
) -> st.SearchStrategy[UserAnalyticsRequest]:
    """Whom some conditions leave, in any order, any page."""
    values = st.none() | st.sampled_from([0.0, 1.0, 2.0, 100.0, -50.0])
    return st.builds(
        UserAnalyticsRequest,
        tenant=st.just(tenant),
        window=st.just(window),
        people=st.just(people),
        include_today=st.just(include_today),
        comparison=st.sampled_from(Comparison),
        conditions=st.lists(conditions(), max_size=3).map(tuple),
        features=st.lists(SELECTIONS, max_size=2).map(tuple),
        sort=st.sampled_from(PersonSort),
        descending=st.booleans(),
        first=st.none() | st.integers(1, 3),
        after=st.none() | st.builds(Position, values, st.sampled_from(USERS)),
        working_days=st.booleans(),
    )


def engagement_requests(
    tenant: str, window: Window | None, people: PeopleFilter, *, include_today: bool
) -> st.SearchStrategy[StickinessRequest | LifecycleRequest | RetentionRequest]:
    """Stickiness, lifecycle or retention."""
    asked = {
        "tenant": st.just(tenant),
        "window": st.just(window),
        "people": st.just(people),
        "include_today": st.just(include_today),
    }
    began = st.tuples(SELECTIONS, st.sampled_from(Returning)) | st.just((None, Returning.ACTIVE))
    return st.one_of(
        st.builds(
            StickinessRequest,
            **asked,
            min_active_days=st.integers(1, 4),
            group_by=st.none() | st.sampled_from(PeopleAttribute),
        ),
        st.builds(LifecycleRequest, **asked, interval=st.sampled_from(Interval)),
        began.flatmap(
            lambda how: st.builds(
                RetentionRequest,
                **asked,
                weeks=st.integers(1, 6),
                selection=st.just(how[0]),
                returning=st.just(how[1]),
                group_by=st.none() | st.sampled_from(PeopleAttribute),
            )
        ),
    )
