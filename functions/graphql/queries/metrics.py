"""The root fields `metricCatalogue` and `metricTrial`."""

from functions.graphql.auth import Role
from functions.graphql.context import Info
from functions.graphql.enums import KpiKey, MetricFamily, MetricKind
from functions.graphql.kpi_inputs import (
    KpiFilterArgument,
    MetricDraftInput,
    about_records,
    draft_of,
)
from functions.graphql.object_types.metric import Metric
from functions.graphql.object_types.metric_trial import MetricTrial
from shared.metrics.domain.kpis.registry import catalogue
from shared.metrics.engine.kpi_requests import MetricTrialRequest


def metric_catalogue(
    info: Info, *, family: MetricFamily | None = None, kind: MetricKind | None = None
) -> list[Metric]:
    """The entries of the catalogue."""
    info.context.principal.allow(*Role)
    return [Metric.of(entry) for entry in catalogue(family, kind)]


def metric_trial(
    info: Info, *, key: KpiKey, draft: list[MetricDraftInput], filter_: KpiFilterArgument = None
) -> MetricTrial:
    """A definition and a draft of it over the last 12 months."""
    info.context.principal.allow(Role.ADMIN, Role.MANAGER)
    about = about_records(info.context.principal, None, filter_)
    request = MetricTrialRequest(**about, key=key.value, draft=draft_of(draft))
    return MetricTrial.of(info.context.views.ask(request))
