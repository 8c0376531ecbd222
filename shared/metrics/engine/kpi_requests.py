"""What can be asked of the KPIs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.metrics.domain.kpis.answers import (
    KpiAnswer,
    KpiMembersAnswer,
    MetricTrialAnswer,
)
from shared.metrics.domain.kpis.dimensions import Dimension
from shared.metrics.domain.kpis.entry import Setting
from shared.metrics.domain.periods import Comparison
from shared.metrics.engine.requests import A, Interval, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsQuestion(Request[A]):
    """A question about records: those that have any of the values in each dimension of the filter.

    `owned_by` keeps to the records of one person. The range may end in the future, which quotas and
    due dates reach into.
    """

    filters: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    owned_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KpisRequest(RecordsQuestion[list[KpiAnswer]]):
    """KPIs of a period, each beside an earlier one, in groups and by interval if asked for."""

    keys: tuple[str, ...]
    comparison: Comparison = Comparison.PREVIOUS_PERIOD
    group_by: Dimension | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiMembersRequest(RecordsQuestion[KpiMembersAnswer]):
    """At most `first` of the records behind a KPI, those whose position is behind `after`."""

    key: str
    first: int
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricTrialRequest(RecordsQuestion[MetricTrialAnswer]):
    """A definition beside a draft of it, by month."""

    key: str
    draft: Mapping[str, Setting] = field(default_factory=dict)
