"""The root field `kpiMembers`."""

from dataclasses import replace

from functions.graphql.context import Info
from functions.graphql.cursors import page_of
from functions.graphql.enums import KpiKey
from functions.graphql.kpi_inputs import KpiFilterArgument, PeriodArgument, about_records
from functions.graphql.limits import DEFAULT_FIRST
from functions.graphql.object_types.kpi_members import KpiMemberConnection
from shared.metrics.engine.kpi_requests import KpiMembersRequest


def kpi_members(
    info: Info,
    *,
    key: KpiKey,
    period: PeriodArgument = None,
    filter_: KpiFilterArgument = None,
    first: int = DEFAULT_FIRST,
    after: str | None = None,
) -> KpiMemberConnection:
    """A page of the records behind a KPI."""
    about = about_records(info.context.principal, period, filter_)
    request = KpiMembersRequest(**about, key=key.value, first=first)
    page = page_of(request, first, after)
    answer = info.context.views.ask(replace(request, first=page.first, after=page.after))
    return KpiMemberConnection.of(answer, page)
