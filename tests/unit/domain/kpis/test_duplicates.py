"""The grain is preserved: what refers to a record never multiplies it."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from shared.metrics.domain.kpis.examples import Example, record
from shared.metrics.domain.kpis.registry import REGISTRY
from shared.metrics.domain.periods import month_start
from shared.metrics.domain.records.from_rows import ChangeRow
from tests.unit.domain.kpis.asking import asked

MANY = ("contact", "touch", "deal_line", "campaign_member")
"""Types of which there are many for one of another type; a KPI may count none of them twice."""

CASES = [
    pytest.param(key, example, id=f"{key}: {example.name}")
    for key, kpi in REGISTRY.items()
    for example in kpi.examples
    if kpi.entry.grain not in {"contact", "touch", "deal_line"}
]


def with_one_of_each(given: Iterable[ChangeRow]) -> list[ChangeRow]:
    """The records, and a contact of each account, a touch and a line of each deal."""
    rows = list(given)
    accounts = {row.id for row in rows if row.type == "account"}
    accounts |= {str(row.set["account"]) for row in rows if row.set.get("account")}
    rows += [record("contact", f"of-{each}", "2026-11-30", account=each) for each in accounts]
    for each in sorted({row.id for row in rows if row.type == "deal"}):
        at = "2026-11-30T12:00"
        rows.append(record("touch", f"of-{each}", at, deal=each, happened_at="2026-11-30T12:00"))
        rows.append(record("deal_line", f"of-{each}", at, deal=each, amount=7, currency="EUR"))
    return rows


def doubled(rows: list[ChangeRow]) -> list[ChangeRow]:
    """The records, and a duplicate of each contact, touch, line and member of a campaign."""
    return [*rows, *(replace(row, id=f"{row.id}-again") for row in rows if row.type in MANY)]


@pytest.mark.parametrize(("key", "example"), CASES)
def test_a_duplicated_contact_touch_or_line_changes_nothing(key: str, example: Example) -> None:
    once = with_one_of_each(example.given)
    answers = [
        asked(
            key,
            rows,
            example.period,
            at=example.asked,
            group_by=example.group_by,
            start_of=month_start,
            currency=example.currency,
            draft=example.draft,
        )
        for rows in (once, doubled(once))
    ]
    first, second = (replace(answer, evidence=[]) for answer in answers)
    assert first == second
