"""How much of what is filled is as it should be (definitions §5)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.metrics.domain.kpis.examples import Example, record
from shared.metrics.domain.kpis.quality.by_type import Topic, kpi_of_fields
from shared.metrics.domain.kpis.quality.patterns import compiled, matching
from shared.metrics.domain.kpis.quality.policies import Policies, Rule
from shared.metrics.domain.kpis.quality.tally import Tally
from shared.metrics.domain.kpis.rows import Rows
from shared.metrics.domain.kpis.scope import Scope
from shared.metrics.domain.kpis.vocabulary import Reason
from shared.metrics.domain.records.field_columns import FieldColumn, FieldType
from shared.metrics.domain.records.money import decimals_of
from shared.metrics.domain.records.record_types import RecordType


def account_accuracy(scope: Scope) -> Rows:
    """Of each account how many values are as their rules say, of those that have rules."""
    return _accuracy(scope, RecordType.ACCOUNT)


def contact_accuracy(scope: Scope) -> Rows:
    """Of each contact how many values are as their rules say, of those that have rules."""
    return _accuracy(scope, RecordType.CONTACT)


def lead_accuracy(scope: Scope) -> Rows:
    """Of each lead how many values are as their rules say, of those that have rules."""
    return _accuracy(scope, RecordType.LEAD)


def deal_accuracy(scope: Scope) -> Rows:
    """Of each deal how many values are as their rules say, of those that have rules."""
    return _accuracy(scope, RecordType.DEAL)


def _accuracy(scope: Scope, record_type: RecordType) -> Rows:
    """A rule that cannot be put to its field leaves the values unknown."""
    table = scope.table(record_type)
    tally = Tally(scope, len(table))
    for rule in Policies(scope, record_type).rules:
        column = table.column(rule.field)
        valid = _valid(column, rule)
        if valid is None:
            tally.add_unknown(column.known)
        else:
            tally.add(column.known, valid)
    return tally.rows()


def _valid(column: FieldColumn, rule: Rule) -> NDArray[np.bool_] | None:
    """Which values satisfy a rule; None if it is no rule for such a field."""
    valid = np.ones(len(column), bool)
    if rule.pattern is not None:
        pattern = compiled(rule.pattern)
        if pattern is None or column.type is not FieldType.TEXT:
            return None
        used = np.unique(column.values[column.known])
        matches = np.zeros(len(column.names), bool)
        matches[used] = matching(pattern, [column.names[code] for code in used.tolist()])
        valid[column.known] = matches[column.values[column.known]]
    if rule.minimum is not None or rule.maximum is not None:
        if column.type not in _WITH_NUMBERS:
            return None
        number = _numbers(column)
        valid &= number >= (-np.inf if rule.minimum is None else rule.minimum)
        valid &= number <= (np.inf if rule.maximum is None else rule.maximum)
    return valid


def _numbers(column: FieldColumn) -> NDArray[np.float64]:
    """The values; money in major units."""
    values = column.values.astype(np.float64)
    if column.type is not FieldType.MONEY:
        return values
    # Without a currency, -1, money has the decimals that most currencies have.
    decimals = np.array([*map(decimals_of, column.currencies), decimals_of("")])
    in_major: NDArray[np.float64] = values / 10.0 ** decimals[column.currency]
    return in_major


_WITH_NUMBERS: Final = frozenset({FieldType.NUMBER, FieldType.INTEGER, FieldType.MONEY})

_TOPIC: Final = Topic(
    "Accuracy",
    "values that match the pattern and lie within the bounds of their field policy / values of "
    "fields with such rules",
    "Be able to rely on what is written.",
    "Which fields to check as they are typed, and which records to correct.",
)


def _examples(name: str) -> tuple[Example, ...]:
    rule = record(
        "field_policy", "p", "2026-11-01", object=name, field="name", pattern="[A-Z][a-z]+"
    )
    given = (
        record(name, "r1", "2026-11-02", name="Zylker"),
        record(name, "r2", "2026-11-02", name="Oakly"),
        record(name, "r3", "2026-11-02", name="test test"),
        record(name, "r4", "2026-11-02", name=""),
    )
    endless = record(
        "field_policy", "p", "2026-11-01", object=name, field="name", pattern="([a-z]+)+"
    )
    return (
        Example(name="one of three names is none", given=(rule, *given), value=2 / 3),
        Example(
            name="there are no rules", given=given, value=None, reason=Reason.EMPTY_DENOMINATOR
        ),
        Example(
            name="a pattern that could take forever",
            given=(endless, *given),
            value=None,
            reason=Reason.UNKNOWN_FIELD,
        ),
    )


KPIS: Final = (
    kpi_of_fields(_TOPIC, RecordType.ACCOUNT, account_accuracy, _examples("account")),
    kpi_of_fields(_TOPIC, RecordType.CONTACT, contact_accuracy, _examples("contact")),
    kpi_of_fields(_TOPIC, RecordType.LEAD, lead_accuracy, _examples("lead")),
    kpi_of_fields(_TOPIC, RecordType.DEAL, deal_accuracy, _examples("deal")),
)
