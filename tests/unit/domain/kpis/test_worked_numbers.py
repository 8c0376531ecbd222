"""The worked numbers of the definitions (§5), each under its own name."""

from dataclasses import replace

import pytest

from shared.metrics.domain.kpis.examples import record
from shared.metrics.domain.kpis.registry import REGISTRY
from shared.metrics.domain.kpis.vocabulary import Reason
from tests.unit.domain.kpis.asking import asked, asked_example


def answer_of(key: str, example: str) -> float | None:
    (found,) = [each for each in REGISTRY[key].examples if each.name == example]
    return asked_example(key, found).current.value


def test_velocity_of_50_deals_of_10_000_won_by_a_fifth_in_30_days_is_3_333_33_a_day() -> None:
    cents = answer_of("SALES_VELOCITY", "50 x 10 000 x 0.2 / 30")
    assert cents is not None
    assert round(cents / 100, 2) == 3_333.33


def test_coverage_of_3_0_m_open_0_9_m_stale_and_quota_1_m_is_2_1() -> None:
    example = "3.0 M open, 0.9 M stale, quota 1 M"
    assert answer_of("PIPELINE_COVERAGE", example) == pytest.approx(2.1)


def test_the_gap_to_a_coverage_of_3_5_is_1_4_m() -> None:
    assert REGISTRY["PIPELINE_COVERAGE"].entry.target == 3.5
    assert answer_of("COVERAGE_GAP", "1.4 M are missing") == 1_400_000_00


def test_coverage_of_a_quota_that_is_met_is_null() -> None:
    for key in ("PIPELINE_COVERAGE", "COVERAGE_GAP"):
        (example,) = [each for each in REGISTRY[key].examples if "quota is met" in each.name]
        current = asked_example(key, example).current
        assert (current.value, current.reason) == (None, Reason.QUOTA_MET)


def test_lost_is_not_slipped() -> None:
    due = record("deal", "d", "2026-10-02", status="OPEN", close_date="2026-11-20")
    moved = replace(due, at="2026-11-05", set={"close_date": "2026-12-20"})
    lost = replace(due, at="2026-11-06", set={"status": "LOST", "closed_at": "2026-11-06"})
    assert asked("SLIPPAGE", [due, moved]).current.value == 1
    assert asked("SLIPPAGE", [due, moved, lost]).current.value == 0


def test_a_negative_cycle_is_kept_and_flagged() -> None:
    answer = asked(
        "SALES_CYCLE_MEAN",
        [
            record("lead", "l", "2026-11-15"),
            record("deal", "d", "2026-11-10", lead="l", status="WON", closed_at="2026-11-14"),
        ],
    )
    assert answer.current.value == -1
    assert [flag.name for flag in answer.flags] == ["NEGATIVE_DURATION"]


def test_the_same_touches_give_two_labelled_answers() -> None:
    assert answer_of("INFLUENCED_REVENUE_ANY_TOUCH", "900 and 500") == 1_400_00
    assert answer_of("INFLUENCED_REVENUE_MEETING_REQUEST", "900 of the same data") == 900_00
