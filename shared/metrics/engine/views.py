"""Answers requests: each view is a function of a question to a tenant's data and its request."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from shared.metrics.domain.errors import StorageUnavailableError
from shared.metrics.engine.activity import ActivityRequest, activity
from shared.metrics.engine.activity_people import ActivityPeopleRequest, activity_people
from shared.metrics.engine.engagement_requests import (
    LifecycleRequest,
    PersonRequest,
    RetentionRequest,
    StickinessRequest,
)
from shared.metrics.engine.features import features
from shared.metrics.engine.figure_requests import MembersRequest, ProofRequest
from shared.metrics.engine.funnel import funnel, funnel_members
from shared.metrics.engine.funnel_request import FunnelMembersRequest, FunnelRequest
from shared.metrics.engine.heat_map import heat_map
from shared.metrics.engine.heat_map_request import HeatMapRequest
from shared.metrics.engine.home import home
from shared.metrics.engine.hub import frequency, frequency_by_feature, popularity
from shared.metrics.engine.hub_requests import (
    FeaturesRequest,
    FrequencyByFeatureRequest,
    FrequencyRequest,
    PopularityRequest,
)
from shared.metrics.engine.kpi_requests import (
    KpiMembersRequest,
    KpisRequest,
    MetricTrialRequest,
)
from shared.metrics.engine.kpis import kpi_members, kpis, metric_trial
from shared.metrics.engine.lifecycle import lifecycle
from shared.metrics.engine.members import members
from shared.metrics.engine.memory import keep_freed_memory
from shared.metrics.engine.people import NewNameError
from shared.metrics.engine.person import person
from shared.metrics.engine.proofs import proof
from shared.metrics.engine.question import Question
from shared.metrics.engine.records import RecordHistories
from shared.metrics.engine.requests import (
    HomeRequest,
    Request,
    TrendsRequest,
    UserAnalyticsRequest,
)
from shared.metrics.engine.retention import retention
from shared.metrics.engine.snapshots import Snapshots
from shared.metrics.engine.source_health import SourceHealthRequest, source_health
from shared.metrics.engine.stickiness import stickiness
from shared.metrics.engine.trends import trends
from shared.metrics.engine.user_analytics import user_analytics
from shared.metrics.storage.backlog import Backlog
from shared.metrics.storage.blocks import MissingBlockError
from shared.metrics.storage.tenant_data import Tenancy

_TRIES: Final = 5
A = TypeVar("A")

VIEWS: Final[Mapping[type[Request[Any]], Callable[[Question, Any], Any]]] = {
    HomeRequest: home,
    ActivityRequest: activity,
    ActivityPeopleRequest: activity_people,
    TrendsRequest: trends,
    HeatMapRequest: heat_map,
    UserAnalyticsRequest: user_analytics,
    StickinessRequest: stickiness,
    LifecycleRequest: lifecycle,
    RetentionRequest: retention,
    PersonRequest: person,
    PopularityRequest: popularity,
    FrequencyRequest: frequency,
    FrequencyByFeatureRequest: frequency_by_feature,
    FeaturesRequest: features,
    ProofRequest: proof,
    MembersRequest: members,
    FunnelRequest: funnel,
    FunnelMembersRequest: funnel_members,
    SourceHealthRequest: source_health,
    KpisRequest: kpis,
    KpiMembersRequest: kpi_members,
    MetricTrialRequest: metric_trial,
}
"""The view that answers each kind of request."""


class Views:
    """All views. One object per process: it remembers what it has read."""

    def __init__(
        self, tenancy: Tenancy, clock: Callable[[], int], backlog: Backlog | None = None
    ) -> None:
        """`backlog` says what may wait to be stored, where anything does."""
        keep_freed_memory()
        self._backlog = backlog
        self._tenancy = tenancy
        self._clock = clock
        self._snapshots = Snapshots()
        self._histories = RecordHistories()

    def ask(self, request: Request[A]) -> A:
        """Answer a request. BadInputError for what cannot be answered, NotFoundError for a tenant
        or a segment that is not there.
        """
        view = VIEWS[type(request)]
        # Before anything is read: what is acknowledged later may be missing.
        as_of_ms = self._clock()
        waiting_ms = None if self._backlog is None else self._backlog.oldest_ms(request.tenant)
        data = self._tenancy.open(request.tenant)
        question = Question(data, as_of_ms, self._snapshots, waiting_ms, self._histories)
        for _ in range(_TRIES):
            try:
                answer: A = view(question, request)
            except (MissingBlockError, NewNameError):
                # Days were replaced, or added to, while they were being read.
                self._snapshots.forget(data)
            else:
                return answer
        message = "the days were changing faster than they could be read; ask again"
        raise StorageUnavailableError(message)
