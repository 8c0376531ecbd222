"""The members of an inspection list are the deals to look at."""

from datetime import date

from shared.metrics.domain.kpis.evaluation import Evaluation
from shared.metrics.domain.kpis.members import members_answered
from shared.metrics.domain.kpis.question import KpiQuestion
from shared.metrics.domain.kpis.registry import kpi_of
from shared.metrics.domain.kpis.sales import inspection
from shared.metrics.domain.kpis.spans import Span
from shared.metrics.domain.records.from_rows import records_of
from tests.unit.domain.kpis.asking import UTC

START_MS = UTC.start_ms(date(2026, 11, 1))
END_MS = UTC.start_ms(date(2026, 12, 1))


def listed(key: str) -> list[str]:
    """The deals on the list by its first example."""
    kpi = kpi_of(key)
    question = KpiQuestion(records_of(kpi.examples[0].given), END_MS)
    answer = members_answered(Evaluation(question), kpi, Span(START_MS, END_MS), 50, None)
    assert answer.member_count == answer.figure.value == kpi.examples[0].value
    return [member.id for member in answer.members]


def test_the_lists_hold_the_deals_that_they_are_about() -> None:
    assert {kpi.key: listed(kpi.key) for kpi in inspection.KPIS} == {
        "INSPECT_RECENTLY_MOVED": ["d1"],
        "INSPECT_NO_NEXT_STEP": ["d2", "d3"],
        "INSPECT_EXECUTIVE_ACTIVITY": ["d1"],
        "INSPECT_WEAK_CONVERSION": ["d2"],
        "INSPECT_STALE": ["d5"],
    }
