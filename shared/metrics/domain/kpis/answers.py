"""What a question about a KPI is answered with: plain values, handed on unchanged."""

from dataclasses import dataclass
from datetime import date

from shared.metrics.domain.kpis.entry import Entry
from shared.metrics.domain.kpis.vocabulary import Flag, Reason
from shared.metrics.domain.periods import Window
from shared.metrics.domain.views.answers import ChangeReason, Proof


@dataclass(frozen=True, slots=True)
class KpiValue:
    """A value, or the reason why there is none; the sums it was made of, and of how many rows.

    Of what is made of other KPIs there are no sums, and no rows.
    """

    value: float | None
    reason: Reason | None
    numerator: float | None
    denominator: float | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class KpiSeries:
    """Values by interval, as parallel lists. A partial point is cut off by the period, or not over;
    one that is not mature may still change with the outcome of its cohort.
    """

    dates: list[date]
    values: list[float | None]
    reasons: list[Reason | None]
    rows: list[int | None]
    is_partial: list[bool]
    is_mature: list[bool]


@dataclass(frozen=True, slots=True)
class KpiGroups:
    """Values by group, as parallel lists; `series` has a list of points for each group. Of
    `group_count` groups those shown are the largest. `names` are those of records whose ids are the
    `keys`, else the same.
    """

    keys: list[str]
    names: list[str]
    values: list[float | None]
    reasons: list[Reason | None]
    rows: list[int | None]
    previous_values: list[float | None]
    change_percents: list[float | None]
    series: list[list[float | None]]
    group_count: int


@dataclass(frozen=True, slots=True)
class KpiEvidence:
    """What a KPI was counted from: the version of its definition, the bounds of the period
    (milliseconds UTC, the end left out), as of when the records were read, how many there were, how
    many rows they gave, and how many were left out because of what is unknown of them.
    """

    key: str
    version: int
    from_ms: int
    to_ms: int
    read_as_of_ms: int
    records: int
    rows: int
    unknown_records: int


@dataclass(frozen=True, slots=True)
class KpiAnswer:
    """One KPI of a period. Money is in minor units of `currency`; `amounts` are those of each of
    `currencies`, before any conversion. `mature` is the value of those rows alone that are older
    than the maturity; None where that is not asked of the KPI. `flag_rows` are those of `flags`.
    """

    entry: Entry
    proof: Proof
    compared: Window
    current: KpiValue
    previous: KpiValue
    change_percent: float | None
    change_reason: ChangeReason | None
    currency: str | None
    currencies: list[str]
    amounts: list[int]
    is_mature: bool
    mature: KpiValue | None
    flags: list[Flag]
    flag_rows: list[int]
    series: KpiSeries | None
    groups: KpiGroups | None
    evidence: list[KpiEvidence]


@dataclass(frozen=True, slots=True)
class KpiMember:
    """A row: the record, when it counts (milliseconds UTC), and what it adds; money in minor units
    of its own `currency`. `position` is unique, and in the order of the list.
    """

    id: str
    name: str | None
    at_ms: int
    numerator: float
    denominator: float | None
    currency: str | None
    flags: list[Flag]
    position: str


@dataclass(frozen=True, slots=True)
class KpiMembersAnswer:
    """A page of the rows behind a KPI, by id of the record; `member_count` is that of all pages,
    `figure` what they come to.
    """

    members: list[KpiMember]
    member_count: int
    figure: KpiValue
    has_previous: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class MetricTrialAnswer:
    """A definition and a draft of it over the same months."""

    entry: Entry
    currency: str | None
    published: KpiSeries
    draft: KpiSeries
