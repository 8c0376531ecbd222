"""How much of what changes in the world has lately changed here (definitions §5)."""

from typing import Final

import numpy as np

from shared.metrics.domain.kpis.examples import Example, record, update
from shared.metrics.domain.kpis.quality.by_type import Topic, kpi_of_fields
from shared.metrics.domain.kpis.quality.policies import Policies
from shared.metrics.domain.kpis.quality.tally import Tally
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import Reason
from shared.metrics.domain.records.field_columns import NO_RECORD
from shared.metrics.domain.records.record_types import RecordType


def account_freshness(scope: Scope) -> Rows:
    """Of each account how many values have changed within the days that their policies give."""
    return _freshness(scope, RecordType.ACCOUNT)


def contact_freshness(scope: Scope) -> Rows:
    """Of each contact how many values have changed within the days that their policies give."""
    return _freshness(scope, RecordType.CONTACT)


def lead_freshness(scope: Scope) -> Rows:
    """Of each lead how many values have changed within the days that their policies give."""
    return _freshness(scope, RecordType.LEAD)


def deal_freshness(scope: Scope) -> Rows:
    """Of each deal how many values have changed within the days that their policies give."""
    return _freshness(scope, RecordType.DEAL)


def _freshness(scope: Scope, record_type: RecordType) -> Rows:
    table = scope.table(record_type)
    tally = Tally(scope, len(table))
    for name, days in Policies(scope, record_type).fresh_days.items():
        history = scope.records.history(record_type, name)
        entry = history.entry_as_of(table.number, scope.at_ms)
        said = entry != NO_RECORD
        since_ms = np.zeros(len(table), np.int64)
        since_ms[said] = history.at_ms[entry[said]]
        is_fresh = since_ms >= scope.at_ms - int(days * _DAY_MS)
        tally.add(table.column(name).known, is_fresh)
    return tally.rows()


_DAY_MS: Final = 86_400_000

_TOPIC: Final = Topic(
    "Freshness",
    "values that changed within the days of their field policy / values of fields with such days",
    "Work with what is so today.",
    "Whom to ask to look through their records, and which fields to have filled from elsewhere.",
)


def _examples(name: str) -> tuple[Example, ...]:
    given = (
        record("field_policy", "p", "2026-07-01", object=name, field="name", fresh_days=90),
        record(name, "r1", "2026-07-02", name="Zylker"),
        record(name, "r2", "2026-07-02", name="Oakly"),
        update(name, "r2", "2026-11-02", name="Oakley"),
        record(name, "r3", "2026-07-02", name="Pine"),
        update(name, "r3", "2026-11-02", name="Pine"),
    )
    return (
        Example(name="one of three has changed", given=given, value=1 / 3),
        Example(
            name="no field has to be fresh",
            given=given[1:],
            value=None,
            reason=Reason.EMPTY_DENOMINATOR,
        ),
    )


KPIS: Final = (
    kpi_of_fields(_TOPIC, RecordType.ACCOUNT, account_freshness, _examples("account")),
    kpi_of_fields(_TOPIC, RecordType.CONTACT, contact_freshness, _examples("contact")),
    kpi_of_fields(_TOPIC, RecordType.LEAD, lead_freshness, _examples("lead")),
    kpi_of_fields(_TOPIC, RecordType.DEAL, deal_freshness, _examples("deal")),
)
