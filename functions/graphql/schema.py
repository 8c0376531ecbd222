"""The schema, with its limits and caches."""

from functools import cache
from typing import Final

import strawberry
from graphql import ASTValidationRule, GraphQLError, NoSchemaIntrospectionCustomRule
from strawberry.extensions import AddValidationRules, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from functions.graphql.complexity import ComplexityRule
from functions.graphql.mutations.root import Mutation
from functions.graphql.object_types.activity import Activity
from functions.graphql.object_types.annotation import Annotation
from functions.graphql.object_types.connection import Connection
from functions.graphql.object_types.features import FeatureConnection
from functions.graphql.object_types.funnel import Funnel
from functions.graphql.object_types.heat_map import HeatMap
from functions.graphql.object_types.home import Home
from functions.graphql.object_types.hub import Hub
from functions.graphql.object_types.kpi import Kpi
from functions.graphql.object_types.kpi_members import KpiMemberConnection
from functions.graphql.object_types.lifecycle import Lifecycle
from functions.graphql.object_types.mapping_preview import MappingPreview
from functions.graphql.object_types.members import MemberConnection
from functions.graphql.object_types.metric import Metric
from functions.graphql.object_types.metric_trial import MetricTrial
from functions.graphql.object_types.node import Node
from functions.graphql.object_types.person import Person
from functions.graphql.object_types.quarantine import QuarantineConnection
from functions.graphql.object_types.restatements import RestatementConnection
from functions.graphql.object_types.retention import Retention
from functions.graphql.object_types.saved_view import SavedView
from functions.graphql.object_types.segment import Segment
from functions.graphql.object_types.settings import Settings
from functions.graphql.object_types.source import Source
from functions.graphql.object_types.stickiness import Stickiness
from functions.graphql.object_types.trends import Trends
from functions.graphql.object_types.user_analytics import UserAnalyticsConnection
from functions.graphql.object_types.working_calendar import WorkingCalendar, WorkingDays
from functions.graphql.parsing import BoundedParserCache
from functions.graphql.queries.activity import activity
from functions.graphql.queries.features import features
from functions.graphql.queries.funnel import funnel
from functions.graphql.queries.heat_map import heat_map
from functions.graphql.queries.home import home
from functions.graphql.queries.hub import hub
from functions.graphql.queries.kpi_members import kpi_members
from functions.graphql.queries.kpis import kpi, kpis
from functions.graphql.queries.library import annotations, saved_views, segments
from functions.graphql.queries.lifecycle import lifecycle
from functions.graphql.queries.mapping_preview import preview_mapping
from functions.graphql.queries.members import members
from functions.graphql.queries.metrics import metric_catalogue, metric_trial
from functions.graphql.queries.node import node
from functions.graphql.queries.person import person
from functions.graphql.queries.quarantine import quarantine
from functions.graphql.queries.restatements import restatements
from functions.graphql.queries.retention import retention
from functions.graphql.queries.settings import settings
from functions.graphql.queries.sources import sources
from functions.graphql.queries.stickiness import stickiness
from functions.graphql.queries.trends import trends
from functions.graphql.queries.user_analytics import user_analytics
from functions.graphql.queries.working_calendars import working_calendars, working_days
from functions.graphql.scalars import SCALARS

_CACHED_DOCUMENTS: Final = 100
"""A document of as many tokens as may be takes 0.6 MB."""


@strawberry.type
class Query:
    """The views."""

    home: Home = strawberry.field(
        resolver=home, description="The use of the CRM at a glance, beside an earlier range."
    )
    trends: Trends = strawberry.field(
        resolver=trends,
        description="Measures by day, week or month: of all use or of a selection, of everyone and "
        "of groups, beside an earlier range.",
    )
    funnel: Funnel = strawberry.field(
        resolver=funnel,
        description="How many records, people or accounts do some steps, and how far they get.",
    )
    heat_map: HeatMap = strawberry.field(
        resolver=heat_map, description="When people work, by hour of the week in their own zones."
    )
    user_analytics: UserAnalyticsConnection = strawberry.field(
        resolver=user_analytics,
        description="The people of a range's roster who satisfy conditions, with all of their "
        "metrics. For admins and managers.",
    )
    person: Person = strawberry.field(
        resolver=person,
        description="One person. For admins and managers; everyone may ask about themselves.",
    )
    stickiness: Stickiness = strawberry.field(
        resolver=stickiness, description="Daily, weekly and monthly active people."
    )
    lifecycle: Lifecycle = strawberry.field(
        resolver=lifecycle, description="New, returning, resurrected and dormant people."
    )
    retention: Retention = strawberry.field(
        resolver=retention, description="Weekly cohorts, and who of them came back."
    )
    activity: Activity = strawberry.field(
        resolver=activity, description="Who is active and who is not, and what stands out."
    )
    hub: Hub = strawberry.field(
        resolver=hub, description="How many people use what, and how often they do."
    )
    features: FeatureConnection = strawberry.field(
        resolver=features,
        description="The catalogue of features, and what was used without being in it, by name. "
        "`search` looks into all names, in any case of letters.",
    )
    members: MemberConnection = strawberry.field(
        resolver=members,
        description="Who or what is behind a figure of any view: of a point of a series too, over "
        "the days of the point. For admins and managers.",
    )
    restatements: RestatementConnection = strawberry.field(
        resolver=restatements,
        description="What has changed of days after they were final, by day.",
    )
    quarantine: QuarantineConnection = strawberry.field(
        resolver=quarantine,
        description="The rows that were turned away and are kept to be tried again. For admins.",
    )
    node: Node | None = strawberry.field(
        resolver=node, description="Anything with an id; null if there is no such thing."
    )
    saved_views: Connection[SavedView] = strawberry.field(
        resolver=saved_views,
        description="One's own saved views and those shared with one's role, by name.",
    )
    segments: Connection[Segment] = strawberry.field(
        resolver=segments,
        description="One's own segments and those shared with one's role, by name.",
    )
    annotations: Connection[Annotation] = strawberry.field(
        resolver=annotations, description="Notes on days, by day."
    )
    working_calendars: Connection[WorkingCalendar] = strawberry.field(
        resolver=working_calendars,
        description="The tenant's own calendars of countries; others are as the public knows them.",
    )
    working_days: WorkingDays = strawberry.field(
        resolver=working_days,
        description="Which days of a range are working days in a country.",
    )
    sources: Connection[Source] = strawberry.field(
        resolver=sources, description="What sends events, by id. For admins."
    )
    kpi: Kpi = strawberry.field(
        resolver=kpi,
        description="One KPI of a period, beside an earlier one, by interval and by group. A rep "
        "is answered about the records that they own.",
    )
    kpis: list[Kpi] = strawberry.field(
        resolver=kpis,
        description="Several KPIs of one period, by key or by preset; likewise.",
    )
    kpi_members: KpiMemberConnection = strawberry.field(
        resolver=kpi_members, description="The records behind a KPI; likewise."
    )
    metric_catalogue: list[Metric] = strawberry.field(
        resolver=metric_catalogue,
        description="Every metric of the system: what it means, who answers for it, and for which "
        "decision it is there.",
    )
    metric_trial: MetricTrial = strawberry.field(
        resolver=metric_trial,
        description="The definition of a KPI and a draft of it, over the last 12 complete months. "
        "For admins and managers.",
    )
    preview_mapping: MappingPreview = strawberry.field(
        resolver=preview_mapping,
        description="What a payload would become, as its source's format and a mapping read it. "
        "Nothing is verified or stored. For admins.",
    )
    settings: Settings = strawberry.field(
        resolver=settings, description="The tenant's settings, and whether a change is under way."
    )


class MetricsSchema(strawberry.Schema):
    """A schema that leaves the logging of errors to those who answer them (faults.py)."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Do nothing: Strawberry would log every mistake of a client as an error, with values."""


@cache
def metrics_schema(*, introspection: bool) -> MetricsSchema:
    """The schema, built once; without introspection clients cannot read it."""
    rules: list[type[ASTValidationRule]] = [ComplexityRule]
    if not introspection:
        rules.append(NoSchemaIntrospectionCustomRule)
    return MetricsSchema(
        query=Query,
        mutation=Mutation,
        config=StrawberryConfig(scalar_map=SCALARS),
        # Factories, not instances: an extension holds the state of one request.
        extensions=[
            lambda: AddValidationRules(rules),
            lambda: BoundedParserCache(maxsize=_CACHED_DOCUMENTS),
            lambda: ValidationCache(maxsize=_CACHED_DOCUMENTS),
        ],
    )
