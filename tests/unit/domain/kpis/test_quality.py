"""What the examples of data quality leave open."""

import pytest

from shared.metrics.domain.kpis.examples import record, update
from shared.metrics.domain.kpis.quality.patterns import compiled, matching
from tests.unit.domain.kpis.asking import asked

AT = "2026-11-02"


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+",
        r"(a|a)*",
        r"(a?){30}",
        r"(?=a)b",
        r"(a)\1",
        r"a*a*a*a*",
        "a?" * 9,
        "a" * 201,
        "(",
        "[",
        "a{99999999999}",
    ],
)
def test_a_pattern_that_is_none_or_could_run_for_long_is_refused(pattern: str) -> None:
    assert compiled(pattern) is None


def test_a_pattern_matches_whole_texts() -> None:
    email = compiled(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
    assert email is not None
    texts = ["ada@zylker.example", "ada@zylker", "to ada@zylker.example", "a" * 300]
    assert matching(email, texts).tolist() == [True, False, False, False]


def test_bounds_of_money_are_in_major_units() -> None:
    answer = asked(
        "DEAL_ACCURACY",
        [
            record("field_policy", "p", AT, object="deal", field="amount", minimum=1, maximum=500),
            record("deal", "cheap", AT, amount=0.5, currency="EUR"),
            record("deal", "right", AT, amount=500, currency="EUR"),
            record("deal", "dear", AT, amount=501, currency="EUR"),
            record("deal", "yen", AT, amount=500, currency="JPY"),
            record("deal", "empty", AT, amount="", currency="EUR"),
        ],
    )
    assert answer.current.value == 2 / 4


def test_a_policy_that_is_there_twice_counts_once() -> None:
    policies = [
        record("field_policy", name, AT, object="deal", field=field, is_required=True)
        for name, field in (("p", "name"), ("again", "name"), ("q", "owner"), ("r", "no such"))
    ]
    deals = [record("deal", "d", AT, name="A", owner=""), record("deal", "e", AT, owner="ada")]
    deals.append(record("deal", "f", AT, name="B", owner="ada"))
    assert asked("DEAL_COMPLETENESS", [*policies, *deals]).current.value == 4 / 6


def test_a_field_of_a_record_whose_creation_is_not_known_is_not_blank() -> None:
    policy = record("field_policy", "p", AT, object="deal", field="name", is_required=True)
    answer = asked(
        "DEAL_COMPLETENESS", [policy, record("deal", "d", AT, name="A"), update("deal", "e", AT)]
    )
    assert answer.current.value == 1
    assert [each.unknown_records for each in answer.evidence] == [1]


def test_an_executive_activity_of_another_deal_puts_none_on_the_list() -> None:
    given = [
        record("deal", "d", AT, status="OPEN"),
        record("deal", "e", AT, status="OPEN"),
        record("activity", "x", AT, deal="e", happened_at="2026-11-20", is_executive=True),
        record("activity", "y", AT, deal="e", happened_at="2026-11-21", is_executive=True),
    ]
    assert asked("INSPECT_EXECUTIVE_ACTIVITY", given).current.value == 1


def test_a_team_forecast_is_a_call_of_everybody() -> None:
    given = [
        record("deal", "d", AT, status="OPEN", stage="new", owner="ada"),
        update("deal", "d", "2026-11-05", stage="offer"),
        record("forecast", "f", "2026-11-05T10:00", team="North", submitted_at="2026-11-05T10:00"),
    ]
    assert asked("MOVED_BEFORE_FORECAST", given).current.value == 1
