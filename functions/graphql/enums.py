"""The vocabularies of the domain as enums of the schema; import them from here."""

import strawberry

from functions.graphql.group_by import TrendsGroupBy
from shared.metrics.domain.calendar_changes import Weekday
from shared.metrics.domain.catalogue import Category
from shared.metrics.domain.conditions import Comparator, ConditionMetric, SessionTime
from shared.metrics.domain.events import ActorKind, Signal
from shared.metrics.domain.kpis.dimensions import Dimension as KpiDimension
from shared.metrics.domain.kpis.presets import KpiPreset
from shared.metrics.domain.kpis.registry import Family as MetricFamily
from shared.metrics.domain.kpis.registry import KpiKey
from shared.metrics.domain.kpis.vocabulary import (
    BetterIs,
    MetricType,
    MetricUnit,
    TimeRule,
)
from shared.metrics.domain.kpis.vocabulary import Flag as KpiFlag
from shared.metrics.domain.kpis.vocabulary import Kind as MetricKind
from shared.metrics.domain.kpis.vocabulary import Reason as KpiReason
from shared.metrics.domain.parts import Part
from shared.metrics.domain.periods import Comparison, Preset
from shared.metrics.domain.quarantine_reasons import Reason as QuarantineReason
from shared.metrics.domain.restatements import Cause, RestatedMeasure
from shared.metrics.domain.roles import Role
from shared.metrics.domain.source_health import SourceState
from shared.metrics.domain.source_kinds import SourceKind
from shared.metrics.domain.views.activity import ModuleOrder
from shared.metrics.domain.views.answers import ChangeReason, Finality
from shared.metrics.domain.views.engagement_answers import LifecycleState
from shared.metrics.domain.views.funnel_answer import FunnelState, FunnelUnit, StepOrder
from shared.metrics.domain.views.hub import Unit
from shared.metrics.domain.views.members import Figure
from shared.metrics.domain.views.people_answers import PersonSort
from shared.metrics.engine.engagement_requests import Returning
from shared.metrics.engine.requests import AttributeValues, Interval, PeopleAttribute
from shared.metrics.storage.generations import RefoldState
from shared.metrics.storage.replays import ReplayState
from shared.metrics.storage.saved_objects import ViewName

__all__ = [
    "ActorKind",
    "AttributeValues",
    "BetterIs",
    "Category",
    "Cause",
    "ChangeReason",
    "Comparator",
    "Comparison",
    "ConditionMetric",
    "Figure",
    "Finality",
    "FunnelState",
    "FunnelUnit",
    "Interval",
    "KpiDimension",
    "KpiFlag",
    "KpiKey",
    "KpiPreset",
    "KpiReason",
    "LifecycleState",
    "MetricFamily",
    "MetricKind",
    "MetricType",
    "MetricUnit",
    "ModuleOrder",
    "Part",
    "PeopleAttribute",
    "PersonSort",
    "Preset",
    "QuarantineReason",
    "RefoldState",
    "ReplayState",
    "RestatedMeasure",
    "Returning",
    "Role",
    "SessionTime",
    "Signal",
    "SourceKind",
    "SourceState",
    "StepOrder",
    "TimeRule",
    "TrendsGroupBy",
    "Unit",
    "ViewName",
    "Weekday",
]

strawberry.enum(
    Comparison,
    description="What a range is compared with: the same number of days directly before it; or, "
    "with the range turned into the month of its last day, the previous month.",
)
strawberry.enum(
    Preset,
    description="A range by name. All end with the last complete day, or with today if it is "
    "included; THIS_ is the week, month, quarter or year of that day, up to it.",
)
strawberry.enum(Interval, description="The length of one point of a series.")
strawberry.enum(
    AttributeValues,
    description="Which value of an attribute a filter looks at: that of each day, or today's.",
)
strawberry.enum(
    Finality, description="PROVISIONAL while late events may still come, FINAL after seven days."
)
strawberry.enum(
    ChangeReason,
    description="Why a change has no percentage. NEW: there was nothing to compare with. "
    "INCOMPLETE: there are days without data on either side.",
)
strawberry.enum(
    FunnelUnit,
    description="What goes through a funnel: records, people, or accounts with the hits of anyone "
    "on them.",
)
strawberry.enum(
    StepOrder,
    description="LOOSE: in the order of the steps, whatever comes between. STRICT: with no other "
    "hit of the unit between two steps; one in the millisecond of a step is between none. ANY: in "
    "any order; the count of step n is of the units that did n steps.",
)
strawberry.enum(
    FunnelState,
    description="CONVERTED: all steps are done. DROPPED: the window of the best attempt is over. "
    "IN_PROGRESS: it is not.",
)
strawberry.enum(Category, description="Where a feature of the catalogue belongs.")
strawberry.enum(
    Part,
    name="FeaturePart",
    description="What rows are made of. Of several features the properties of one name are one "
    "row, as are their attributes and actions.",
)
strawberry.enum(
    RestatedMeasure, description="A measure of a whole day; ACTIVE are the active people."
)
strawberry.enum(
    Cause,
    name="RestatementCause",
    description="Why a final day came out differently: events that were late, or another "
    "definition, time zone, session timeout and the like.",
)
strawberry.enum(PeopleAttribute, description="What people can be filtered and grouped by.")
strawberry.enum(Unit, name="FrequencyUnit", description="People, or pairs of person and feature.")
strawberry.enum(
    Figure,
    description="A number whose members can be listed. The values of its members add up to "
    "TOTAL_HITS, ATTENDANCE, FREQUENCY_OF_PAIRS, LOGINS and those of sessions; of the other "
    "figures each member counts as one.",
)
strawberry.enum(
    Role,
    name="AccessRole",
    description="What a token lets its holder do; not the role that a person has in the CRM.",
)
strawberry.enum(ViewName, description="The views whose arguments can be saved.")
strawberry.enum(Weekday)
strawberry.enum(
    RefoldState,
    description="How far a refold is: what there is is listed, its events are split by the new "
    "rules, the new days are folded, and in a moment they are served.",
)
strawberry.enum(QuarantineReason, name="QuarantineReason", description="Why a row was turned away.")
strawberry.enum(
    SourceState,
    description="How a source is doing; of several that apply, the first of these. DISABLED. "
    "NEVER: so far nothing has come. EXPIRED: its channel has to be renewed. FAILING: more than "
    "half of ten or more rows of a day were turned away. SILENT: for longer than it usually is. "
    "EXPIRING: its channel has to be renewed within twelve hours. OK.",
)
strawberry.enum(ReplayState, description="Whether a replay still waits for what does it.")
strawberry.enum(ConditionMetric, description="What a condition looks at.")
strawberry.enum(Comparator, description="How it is compared; BETWEEN includes both ends.")
strawberry.enum(
    SessionTime,
    description="That of the whole range, its mean over the person's active days, or that of any "
    "one day with activity or session time.",
)
strawberry.enum(SourceKind, description="What sends events; each speaks one wire format.")
strawberry.enum(PersonSort, description="What people are ordered by.")
strawberry.enum(
    LifecycleState,
    description="Where a person stands at the end of a range, by its last 30 days: new in them, "
    "back in them after at least 30 days without activity, active as before, or not at all.",
)
strawberry.enum(
    Returning,
    description="What counts as coming back: any login or hit, or a hit of the feature that people "
    "began with.",
)
strawberry.enum(
    TrendsGroupBy,
    description="People by an attribute, or hits by a part of what was used: then people count "
    "once in each group.",
)
strawberry.enum(ModuleOrder, description="How modules are ordered; equal hits stand by name.")
strawberry.enum(ActorKind, description="Who did something; only USER counts towards people.")
strawberry.enum(
    Signal,
    description="What an event says: someone acted, a record changed, or a system did something.",
)
strawberry.enum(KpiKey, description="The KPIs; `metricCatalogue` tells what each of them is.")
strawberry.enum(
    KpiDimension,
    name="KpiDimension",
    description="What records can be filtered and grouped by: a field of theirs, or of what they "
    "refer to. Of each KPI the metric's `dimensions` are possible.",
)
strawberry.enum(
    KpiPreset, description="KPIs for the size of a business, or for the dashboard of a role."
)
strawberry.enum(
    KpiReason,
    name="KpiReason",
    description="Why a value is null. EMPTY_DENOMINATOR: there is nothing to divide by, or nothing "
    "to take a quantile of. NO_RECORDS: no record of the grain was ever sent. UNKNOWN_FIELD: a "
    "field that is needed was never sent. NO_RATE: money cannot be converted into one currency. "
    "QUOTA_MET: nothing is left of the quota. NOT_ENOUGH_DATA: too few records. NOT_MATURED: no "
    "cohort is old enough. NOT_BEGUN: the period begins in the future.",
)
strawberry.enum(
    KpiFlag,
    name="KpiFlag",
    description="What to know of a row. NEGATIVE_DURATION: it ended before it began. "
    "NO_FIRST_CONTACT: it is told from the creation of the deal. STAGE_PROBABILITY, "
    "HISTORICAL_PROBABILITY: the deal has none of its own. CAPPED: cut off at a limit. UNANSWERED: "
    "nobody has answered yet.",
)
strawberry.enum(MetricFamily, name="MetricFamily", description="Whose business a metric is.")
strawberry.enum(
    MetricKind,
    name="MetricKind",
    description="A METRIC tells how something is; a KPI has an objective and serves a decision.",
)
strawberry.enum(
    MetricType, description="Whether a number says what was, why, what will be, or what to do."
)
strawberry.enum(
    MetricUnit,
    description="What a value counts in. MONEY is in minor units of a currency; a RATIO is a "
    "fraction; only PERCENT is in percent.",
)
strawberry.enum(
    TimeRule,
    description="Which records a period has. EVENT: those whose event lies in it. INSTANT: all as "
    "they were at its end, or now. COHORT: those that began in it, with what became of them since. "
    "OPENING: all as they were when it began, and what became of them by its end.",
)
strawberry.enum(BetterIs, description="Which way a number should go.")
