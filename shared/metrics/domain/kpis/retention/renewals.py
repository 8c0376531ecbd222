"""Whether contracts that are due are renewed."""

from typing import Final

from shared.metrics.domain.kpis.building import money, share
from shared.metrics.domain.kpis.entry import Entry, Parameter
from shared.metrics.domain.kpis.examples import EARLIER, Example, record
from shared.metrics.domain.kpis.happenings import happenings
from shared.metrics.domain.kpis.kpi import Counted, Kpi
from shared.metrics.domain.kpis.retention.stewardship import RETENTION
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import (
    Aggregation,
    BetterIs,
    Kind,
    MetricType,
    MetricUnit,
    Reason,
    TimeRule,
)
from shared.metrics.domain.records.from_rows import ChangeRow
from shared.metrics.domain.records.record_types import RecordType

_GRACE: Final = "graceDays"
_DAY_MS: Final = 86_400_000


def renewal_rate(scope: Scope) -> Rows:
    """Each term whose renewal is decided, when it was due, and whether it was renewed."""
    terms = _Terms(scope)
    return share(terms.decided, terms.renewed, terms.due_ms, terms.unknown)


def renewal_rate_by_value(scope: Scope) -> Rows:
    """The amount of each term whose renewal is decided, and of each that was renewed."""
    terms = _Terms(scope)
    rows = money(terms.decided, terms.amount, terms.due_ms, terms.unknown)
    return rows.as_share(terms.renewed[rows.record])


class _Terms:
    """Terms of contracts. One that is renewed early counts when it was due; one that is due, or
    within grace, and not renewed is pending: neither renewed nor lost.
    """

    def __init__(self, scope: Scope) -> None:
        table = scope.table(RecordType.TERM)
        end = table.column("end")
        renewed = happenings(scope, table.column("renewed_at"))
        self.amount = table.column("amount")
        self.due_ms = scope.starts_ms(end.values)
        over_ms = self.due_ms + (1 + int(scope.number(_GRACE))) * _DAY_MS
        self.renewed = end.known & renewed.happened & (renewed.at_ms < over_ms)
        self.decided = end.known & (self.renewed | (over_ms <= scope.as_of_ms))
        self.unknown = end.unknown


def _term(name: str, end: str, amount: int, renewed: str | None = None) -> ChangeRow:
    return record(
        "term", name, "2025-11-15", end=end, amount=amount, currency="EUR", renewed_at=renewed
    )


_DUE: Final = (
    _term("early", "2026-11-10", 500, "2026-09-01"),
    _term("in time", "2026-11-12", 100, "2026-11-12"),
    _term("in grace", "2026-11-15", 100, "2026-12-01"),
    _term("too late", "2026-11-02", 100, "2027-03-01"),
    _term("lost", "2026-11-03", 200),
    _term("pending", "2026-11-29", 900),
)
_ASKED: Final = "2026-12-20"
_NONE_DUE: Final = Example(
    name="none was due in the period",
    given=_DUE,
    period=EARLIER,
    asked=_ASKED,
    value=None,
    reason=Reason.EMPTY_DENOMINATOR,
)
_PARAMETERS: Final = (
    Parameter(_GRACE, 30.0, "days after the end within which a renewal still counts", (0, 365)),
)


def _entry(key: str, name: str, formula: str, decision: str) -> Entry:
    return Entry(
        key=key,
        name=name,
        formula=formula,
        unit=MetricUnit.RATIO,
        grain="term",
        kind=Kind.KPI,
        type=MetricType.DESCRIPTIVE,
        rule=TimeRule.EVENT,
        better_is=BetterIs.HIGHER,
        stewardship=RETENTION,
        objective="Have contracts renewed without a fight.",
        decision=decision,
        parameters=_PARAMETERS,
    )


KPIS: Final = (
    Kpi(
        _entry(
            "RENEWAL_RATE",
            "Renewal rate",
            "terms renewed / terms due in the period; early ones count when they were due, and "
            "those not renewed within grace are pending",
            "Whom to talk to before the contract ends.",
        ),
        Counted(renewal_rate, Aggregation.RATIO),
        (
            Example(name="three of five; one is pending", given=_DUE, asked=_ASKED, value=0.6),
            _NONE_DUE,
        ),
    ),
    Kpi(
        _entry(
            "RENEWAL_RATE_BY_VALUE",
            "Renewal rate by value",
            "amount of terms renewed / amount of terms due in the period, likewise",
            "Which contracts deserve a visit.",
        ),
        Counted(renewal_rate_by_value, Aggregation.RATIO),
        (Example(name="700 of 1 000", given=_DUE, asked=_ASKED, value=0.7), _NONE_DUE),
    ),
)
